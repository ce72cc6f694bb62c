import { describe, expect, test } from "vitest";
import {
  claimHoldsMs,
  decideSerial,
  type SerialRights,
  type SerialStanding,
} from "../../src/device/identity/serial-number.ts";

const now = Date.UTC(2026, 10, 21);
const rights: SerialRights = { conflict: "refuse", mayTakeOver: false };

const standing = (change: Partial<SerialStanding> = {}): SerialStanding => ({
  serial: "C02XY",
  heldBy: undefined,
  claim: undefined,
  ...change,
});

describe("a device that is about to be enrolled under a serial number", () => {
  test.each<
    [title: string, does: string, standing: SerialStanding | undefined, rights?: Partial<SerialRights>]
  >([
    ["asks who holds it", "ask", undefined],
    ["asks again where another number was asked about", "ask", standing({ serial: "C99ZZ" })],
    ["claims what nobody holds", "claim", standing()],
    ["is enrolled while its claim holds", "hold", standing({ claimedAt: now - claimHoldsMs + 1 })],
    ["asks again once its claim holds no more", "ask", standing({ claimedAt: now - claimHoldsMs })],
    ["is refused what another device holds", "refuse", standing({ heldBy: "other" })],
    [
      "is held apart from it where a setting says so",
      "dispute",
      standing({ heldBy: "other" }),
      { conflict: "flag" },
    ],
    [
      "takes it over where an administrator named it",
      "claim",
      standing({ heldBy: "other" }),
      { mayTakeOver: true },
    ],
  ])("%s", (_, does, asked, change = {}) => {
    expect(decideSerial("C02XY", asked, { ...rights, ...change }, now).does).toBe(does);
  });
});
