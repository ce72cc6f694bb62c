import { describe, expect, test } from "vitest";
import { declarationsOf } from "../support/apple-device.ts";
import { settle } from "../support/assignment.ts";
import { activation, declare, organization, passcode } from "../support/declarative.ts";
import { alarmOf, enrolledDevice } from "../support/fleet.ts";

const kept = (channel: Parameters<typeof declarationsOf>[0]): string[] =>
  [...declarationsOf(channel).kept.keys()].sort();

describe("a device synchronises", () => {
  test("it is told by one command, fetches what it should have, and reports", async () => {
    const phone = await enrolledDevice("iphone");
    await settle(phone);
    await declare(phone, [organization("Acme"), passcode("pass", 6), activation("act", ["pass"])]);

    const turns = await phone.converse();

    expect(turns.map(({ command }) => command.requestType)).toEqual(["DeclarativeManagement"]);
    expect(kept(phone)).toEqual(["act", "org", "pass"]);
    await alarmOf(phone);
    expect(await phone.converse()).toEqual([]);
  });
});
