import { describe, expect, test } from "vitest";
import type { Identity } from "../../src/device/identity/enrollment.ts";
import {
  currentIdentity,
  decideRenewal,
  failed,
  type RenewalRow,
  renewalDueAt,
} from "../../src/device/identity/renewal.ts";

const day = 24 * 60 * 60_000;
const hour = 60 * 60_000;
const policy = { renewalMs: 60 * day, graceMs: 30 * day };
const notAfter = 1000 * day;

const identity = (more: Partial<Identity> = {}): Identity => ({
  fingerprint: "00000000".padEnd(64, "a"),
  generation: 1,
  notAfter,
  pinnedAt: 0,
  retiresAt: null,
  revokedAt: null,
  revokedFor: null,
  unboundAt: null,
  renewalOf: null,
  ...more,
});

const underWay: RenewalRow = {
  look_at: 0,
  fingerprint: identity().fingerprint,
  due_at: 0,
  attempts: 0,
  command_uuid: "A",
  error: null,
};

describe("when", () => {
  test("a certificate is due sixty days before its end, spread over the fifteen days after that", () => {
    const first = renewalDueAt(identity(), policy);
    const last = renewalDueAt(identity({ fingerprint: "ffffffff".padEnd(64, "a") }), policy);

    expect(first).toBe(notAfter - 60 * day);
    expect(notAfter - last).toBeGreaterThan(44 * day);
    expect(notAfter - last).toBeLessThan(46 * day);
  });

  test("it is due, the profile is queued for as long as it can still be fetched", () => {
    expect(decideRenewal(identity(), undefined, null, policy, notAfter - 59 * day)).toMatchObject({
      does: "queue",
      until: notAfter + 30 * day,
    });
  });

  test("it is not due, the object looks again within a month, or on the day", () => {
    const early = decideRenewal(identity(), undefined, null, policy, 0);
    const soon = decideRenewal(identity(), undefined, null, policy, notAfter - 61 * day);

    expect(early).toMatchObject({ does: "wait", row: { look_at: 20 * day } });
    expect(soon).toMatchObject({ does: "wait", row: { look_at: notAfter - 60 * day } });
  });

  test("its grace has passed, nothing is queued that could not be fetched", () => {
    expect(decideRenewal(identity(), undefined, null, policy, notAfter + 30 * day).does).toBe("wait");
  });

  test("the settings say earlier by now, it is due earlier", () => {
    const before = decideRenewal(identity(), undefined, null, policy, 0);
    const longer = { ...policy, renewalMs: 900 * day };

    expect(decideRenewal(identity(), before.row, null, longer, 101 * day).does).toBe("queue");
  });

  test("a new identity is pinned, what was known of the old one is forgotten", () => {
    const renewed = identity({ fingerprint: "80000000".padEnd(64, "b"), notAfter: 2000 * day });

    expect(
      decideRenewal(renewed, { ...underWay, attempts: 3, error: "x" }, null, policy, 950 * day),
    ).toMatchObject({ does: "wait", row: { attempts: 0, command_uuid: null, error: null } });
  });
});

describe("the command under way", () => {
  const decide = (standing: Parameters<typeof decideRenewal>[2], now = 950 * day) =>
    decideRenewal(identity(), underWay, standing, policy, now);

  test("is waited for while it waits", () => {
    expect(decide({ state: "sent", finishedAt: null, error: null })).toMatchObject({
      does: "wait",
      row: { command_uuid: "A" },
    });
  });

  test("that was acknowledged gives the device an hour to use its new identity", () => {
    const acknowledged = { state: "acknowledged", finishedAt: 950 * day, error: null };

    expect(decide(acknowledged)).toMatchObject({ does: "wait", row: { look_at: 950 * day + hour } });
    expect(decide(acknowledged, 950 * day + hour)).toMatchObject({
      does: "fail",
      error: expect.stringContaining("still uses its old identity"),
    });
  });

  test.each([
    [{ state: "error", finishedAt: 1, error: "no disk (X 1)" }, "no disk (X 1)"],
    [{ state: "cancelled", finishedAt: 1, error: null }, "the command is cancelled"],
    [null, "not known any more"],
  ])("that ended as %j failed", (standing, error) => {
    expect(decide(standing)).toMatchObject({ does: "fail", error: expect.stringContaining(error) });
  });

  test("is tried again at growing intervals, and at least every three days", () => {
    let row = underWay;
    const rests = Array.from({ length: 6 }, () => {
      row = failed(row, "no", 0).row;
      return row.look_at / hour;
    });

    expect(rests).toEqual([1, 4, 16, 64, 72, 72]);
    expect(row).toMatchObject({ attempts: 6, command_uuid: null, error: "no" });
  });
});

test("the present identity of a device is the newest of its enrollment that is neither revoked nor retiring", () => {
  const known = [
    identity({ fingerprint: "old", pinnedAt: 1, retiresAt: 5 }),
    identity({ fingerprint: "good", pinnedAt: 2 }),
    identity({ fingerprint: "revoked", pinnedAt: 3, revokedAt: 4 }),
    identity({ fingerprint: "pending", pinnedAt: 4, generation: 2 }),
  ];

  expect(currentIdentity(known, 1)?.fingerprint).toBe("good");
  expect(currentIdentity(known, 3)).toBeUndefined();
});

test("two thousand certificates that end on one day are due on fifteen days, none of them crowded", () => {
  const perDay = new Map<number, number>();
  for (let number = 0; number < 2000; number++) {
    const fingerprint = ((number * 2654435761) >>> 0).toString(16).padStart(8, "0").padEnd(64, "0");
    const at = Math.floor((renewalDueAt({ fingerprint, notAfter }, policy) - notAfter) / day);
    perDay.set(at, (perDay.get(at) ?? 0) + 1);
  }

  expect(perDay.size).toBeGreaterThanOrEqual(15);
  expect(Math.max(...perDay.values())).toBeLessThan(200);
});
