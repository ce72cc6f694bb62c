import { describe, expect, test } from "vitest";
import { day, hour } from "../../src/base/time.ts";
import { decideNaming, type Naming, nowNamed } from "../../src/device/desired/naming/decide.ts";
import { namingFailed } from "../../src/device/desired/naming/failure.ts";
import type { NameRow } from "../../src/device/store/naming.ts";

// What to do about the name of a device, from values alone.

const now = 1_800_000_000_000;
const wanted = (name: string) => ({ set: "macs", others: [], name });
const naming = (change: Partial<Naming>): Naming => ({
  wanted: wanted("Mac 1"),
  cannot: undefined,
  reported: undefined,
  standing: "none",
  ...change,
});
const row = (change: Partial<NameRow>): NameRow => ({
  ...{ wish: "Mac 1", set_name: "macs", others: "[]", state: "pending", reason: null },
  ...{ command_uuid: null, brings: null, applied: null },
  ...{ tried: null, attempts: 0, retry_at: null, repairs: 0, repairs_since: null },
  ...change,
});
const underWay = row({ command_uuid: "U", brings: "Mac 1" });

describe("a name that the device should have", () => {
  test("is sent if the device has another one, and not if it has it", () => {
    expect(decideNaming(undefined, naming({ reported: "iMac" }), now)).toMatchObject({
      sends: "Mac 1",
      row: { wish: "Mac 1", state: "pending" },
      drift: undefined,
    });
    expect(decideNaming(undefined, naming({ reported: "Mac 1" }), now)).toMatchObject({
      sends: undefined,
      row: { state: "named", applied: "Mac 1" },
    });
  });

  test("is not sent twice while its command waits or is on the device", () => {
    for (const standing of ["waiting", "held"] as const)
      expect(decideNaming(underWay, naming({ standing }), now)).toMatchObject({
        sends: undefined,
        cancels: false,
        row: { command_uuid: "U", state: "pending" },
      });
  });

  test("takes the place of an older one that waits, and comes after one that the device has fetched", () => {
    const other = naming({ wanted: wanted("Mac 2") });

    expect(decideNaming(underWay, { ...other, standing: "waiting" }, now)).toMatchObject({
      cancels: true,
      sends: "Mac 2",
      row: { command_uuid: null, brings: null },
    });
    expect(decideNaming(underWay, { ...other, standing: "held" }, now)).toMatchObject({
      cancels: false,
      sends: undefined,
      row: { wish: "Mac 2", command_uuid: "U", state: "pending" },
    });
  });

  test("rests for an hour, six hours and a day after failures, and then until it changes", () => {
    let known = row({ command_uuid: "U", brings: "Mac 1" });
    for (const rest of [hour, 6 * hour, day]) {
      known = namingFailed(known, { repeatable: true, error: "no" }, now);
      expect(known).toMatchObject({
        state: "failed",
        reason: "no",
        command_uuid: null,
        retry_at: now + rest,
      });
      expect(decideNaming(known, naming({}), now).sends).toBeUndefined();
      expect(decideNaming(known, naming({}), now + rest).sends).toBe("Mac 1");
    }
    known = namingFailed(known, { repeatable: true, error: "no" }, now);

    expect(known.retry_at).toBeNull();
    expect(decideNaming(known, naming({}), now + 30 * day).sends).toBeUndefined();
    expect(decideNaming(known, naming({ wanted: wanted("Mac 2") }), now)).toMatchObject({
      sends: "Mac 2",
      row: { attempts: 0, tried: null, reason: null },
    });
  });

  test("failed if its command left the queue and nothing was read of it", () => {
    expect(decideNaming(underWay, naming({ standing: "lost" }), now)).toMatchObject({
      sends: undefined,
      row: { state: "failed", attempts: 1, retry_at: now + hour },
    });
  });
});

describe("a device that has the name no more", () => {
  const had = nowNamed(underWay);

  test("is named again three times within a day, then not until a day has passed", () => {
    let known = had;
    for (const repairs of [1, 2, 3]) {
      const decision = decideNaming(known, naming({ reported: "mine" }), now);
      expect(decision).toMatchObject({ sends: "Mac 1", drift: { repairs, givenUp: false } });
      known = nowNamed({ ...(decision.row as NameRow), command_uuid: "U", brings: "Mac 1" });
    }
    const fourth = decideNaming(known, naming({ reported: "mine" }), now);
    expect(fourth).toMatchObject({ sends: undefined, drift: { repairs: 3, givenUp: true } });
    expect(fourth.row).toMatchObject({ state: "failed", retry_at: now + day });

    const again = decideNaming(fourth.row, naming({ reported: "mine" }), now + hour);
    expect(again).toMatchObject({ sends: undefined, drift: undefined });
    const nextDay = decideNaming(fourth.row, naming({ reported: "mine" }), now + day);
    expect(nextDay).toMatchObject({ sends: "Mac 1", row: { repairs: 0 } });
  });

  test("counts from nothing after a day", () => {
    const repaired = { ...had, repairs: 3, repairs_since: now - day };

    expect(decideNaming(repaired, naming({ reported: "mine" }), now)).toMatchObject({
      sends: "Mac 1",
      drift: { repairs: 1, givenUp: false },
    });
  });
});

describe("a name that cannot be given", () => {
  test("for want of a value is withheld, and what waits for it is taken back", () => {
    const missing = { set: "macs", others: ["phones"], missing: ["user.name"] };

    expect(decideNaming(underWay, naming({ wanted: missing, standing: "waiting" }), now)).toMatchObject({
      cancels: true,
      sends: undefined,
      row: { wish: null, state: "withheld", reason: "there is no value for user.name", command_uuid: null },
    });
    expect(decideNaming(undefined, naming({ wanted: wanted("") }), now).row).toMatchObject({
      state: "withheld",
    });
  });

  test("to this device says why; one of which that is not known yet waits", () => {
    const cannot = { waits: false, reason: "it needs supervision" };

    expect(decideNaming(undefined, naming({ cannot }), now)).toMatchObject({
      sends: undefined,
      row: { state: "not_applicable", reason: "it needs supervision" },
    });
    expect(decideNaming(undefined, naming({ cannot: { ...cannot, waits: true } }), now).row?.state).toBe(
      "pending",
    );
  });

  test("since no set names it: nothing is kept, and what waits is taken back", () => {
    expect(decideNaming(underWay, naming({ wanted: undefined, standing: "waiting" }), now)).toEqual({
      row: undefined,
      cancels: true,
      sends: undefined,
      drift: undefined,
    });
  });
});
