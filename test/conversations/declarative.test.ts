import { beforeAll, describe, expect, test } from "vitest";
import {
  activation,
  declare,
  declareNothingElse,
  kept,
  organization,
  passcode,
  statesOf,
  synchronised,
} from "../support/declarative.ts";
import { enrolledDevice, invite } from "../support/fleet.ts";

beforeAll(async () => {
  await invite();
  await declareNothingElse();
});

describe("a device synchronises", () => {
  test("it is told by one command, fetches what it should have, and reports", async () => {
    const phone = await enrolledDevice("iphone");
    await declare(phone, [organization("org", "Acme"), passcode("pass", 6), activation("act", ["pass"])]);
    expect(await statesOf(phone)).toEqual({ act: "pending", org: "pending", pass: "pending" });

    expect(await synchronised(phone)).toEqual(["DeclarativeManagement"]);

    expect(kept(phone)).toEqual(["act", "org", "pass"]);
    expect(await statesOf(phone)).toEqual({ act: "active", org: "active", pass: "active" });
    expect(await synchronised(phone)).toEqual([]);
  });
});
