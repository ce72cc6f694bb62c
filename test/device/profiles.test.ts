import { describe, expect, test } from "vitest";
import {
  afterCommand,
  afterFailure,
  decideProfile,
  newRow,
  notApplicable,
  type Standing,
  stayFor,
  underWay,
  type Wanted,
} from "../../src/device/desired/profiles/decide.ts";
import { findDrift } from "../../src/device/desired/profiles/drift.ts";
import type { ProfileRow } from "../../src/device/store/profiles.ts";

const now = 1_000_000_000_000;
const hour = 3_600_000;
const day = 24 * hour;

const rowWith = (change: Partial<ProfileRow>): ProfileRow => ({
  ...newRow("", "com.example.wifi"),
  wish: "have",
  digest: "new",
  version: 2,
  ...change,
});

const took = (digest: string) => ({ installed: digest, installed_uuid: digest, installed_at: now - hour });
const brings = (digest: string | null) => ({ command_uuid: "C", brings: digest });
const failed = { tried: "new", state: "failed", attempts: 1, reason: "no" } as const;

const wanted: Wanted = { is: "wanted", version: 2, digest: "new", place: "mac", connectivity: "wi-fi" };
const unwanted: Wanted = { is: "unwanted" };
const withheld: Wanted = { is: "withheld", missing: "attribute.room", connectivity: "wi-fi" };

describe("a network that is taken away", () => {
  const network = (change: Partial<ProfileRow>) => rowWith({ connectivity: "wi-fi certificate", ...change });
  const old = network({ ...took("old"), identifier: "com.example.old" });

  test.each<[string, ProfileRow, ProfileRow[], Standing, boolean]>([
    ["stays while another one is on its way", old, [network({ state: "pending" })], "none", true],
    ["stays while the other one has failed", old, [network({ state: "failed" })], "none", true],
    [
      "stays while the other one is nothing for this device",
      old,
      [network({ state: "not_applicable" })],
      "none",
      true,
    ],
    ["goes when the other one is installed", old, [network({ state: "installed" })], "none", false],
    ["goes if nothing takes its place", old, [], "none", false],
    [
      "goes if only a VPN comes",
      old,
      [network({ state: "pending", connectivity: "vpn certificate" })],
      "none",
      false,
    ],
    ["goes if the device already has the command", old, [network({ state: "pending" })], "held", false],
    ["stays if its removal still waits", old, [network({ state: "pending" })], "waiting", true],
    ["is nothing if it was never there", network({}), [network({ state: "pending" })], "none", false],
  ])("%s", (_, row, successors, standing, stays) => {
    const decision = stayFor(row, successors, standing);

    expect(decision !== undefined).toBe(stays);
    if (decision)
      expect(decision).toMatchObject({
        does: "nothing",
        cancels: standing === "waiting",
        row: {
          state: "removing",
          reason: "it stays until com.example.wifi is installed",
          command_uuid: null,
        },
      });
  });
});

describe("what is done about a profile", () => {
  test.each<[string, Partial<ProfileRow>, Wanted, Standing, string, string | undefined]>([
    ["nothing is there", {}, wanted, "none", "install", "pending"],
    ["it is there", took("new"), wanted, "none", "nothing", "installed"],
    ["another content is there", took("old"), wanted, "none", "install", "pending"],
    ["it is on its way", brings("new"), wanted, "waiting", "nothing", "pending"],
    ["the device has the command", brings("new"), wanted, "held", "nothing", "pending"],
    ["an older one waits", brings("old"), wanted, "waiting", "cancel, install", "pending"],
    ["the device has the command of an older one", brings("old"), wanted, "held", "nothing", "pending"],
    [
      "an older one waits and this is there",
      { ...took("new"), ...brings("old") },
      wanted,
      "waiting",
      "cancel, nothing",
      "installed",
    ],
    ["the queue forgot the command", brings("new"), wanted, "none", "install", "pending"],
    ["it failed, and rests", { ...failed, retry_at: now + 1 }, wanted, "none", "nothing", "failed"],
    ["it failed, and has rested", { ...failed, retry_at: now }, wanted, "none", "install", "pending"],
    ["it failed for good", { ...failed, retry_at: null }, wanted, "none", "nothing", "failed"],
    ["another content failed", { ...failed, tried: "old" }, wanted, "none", "install", "pending"],
    [
      "it is nothing for this device",
      notApplicable(rowWith({}), "mac", "no"),
      wanted,
      "none",
      "nothing",
      "not_applicable",
    ],
    [
      "it was nothing for what the device was",
      notApplicable(rowWith({}), "pad", "no"),
      wanted,
      "none",
      "install",
      "pending",
    ],
    [
      "it comes back while a removal waits",
      { ...took("new"), ...brings(null), state: "removing" },
      wanted,
      "waiting",
      "cancel, nothing",
      "installed",
    ],
    ["a value is missing", took("old"), withheld, "none", "nothing", "failed"],
    ["a value is missing by now", brings("new"), withheld, "waiting", "cancel, nothing", "failed"],
    ["it is to go", took("new"), unwanted, "none", "remove", "removing"],
    ["it is to go, and never came", {}, unwanted, "none", "nothing", undefined],
    ["it is to go before it was fetched", brings("new"), unwanted, "waiting", "cancel, nothing", undefined],
    ["it is to go while the device has the command", brings("new"), unwanted, "held", "nothing", "removing"],
    [
      "its removal is on its way",
      { ...took("new"), ...brings(null) },
      unwanted,
      "waiting",
      "nothing",
      "removing",
    ],
    [
      "its removal failed for good",
      { ...took("new"), ...failed, tried: "removal" },
      unwanted,
      "none",
      "nothing",
      "failed",
    ],
  ])("when %s", (_, known, wish, standing, does, state) => {
    const decision = decideProfile(rowWith(known), wish, standing, now);

    expect(decision.cancels ? `cancel, ${decision.does}` : decision.does).toBe(does);
    expect(decision.row?.state).toBe(state);
    if (decision.cancels) expect(decision.row?.command_uuid ?? null).toBeNull();
  });
});

describe("how a command ends", () => {
  const taken = { acknowledged: true, repeatable: true, error: null };
  const refused = { acknowledged: false, repeatable: true, error: "no" };
  const way = (change: Partial<ProfileRow>, digest: string | null = "new") =>
    underWay(rowWith(change), "C", digest === null ? null : { digest, version: 2, uuid: `${digest}-uuid` });

  test("what the device took is installed, under the UUID that it lists", () => {
    expect(afterCommand(way({}), taken, now)).toMatchObject({
      ...{ state: "installed", installed: "new", installed_uuid: "new-uuid", installed_at: now },
      command_uuid: null,
    });
  });

  test("what is out of date by then is still to be replaced, and what is to go is to go", () => {
    expect(afterCommand(way({}, "old"), taken, now)).toMatchObject({ state: "pending", installed: "old" });
    expect(afterCommand(way({ wish: "gone" }), taken, now)).toMatchObject({
      state: "removing",
      installed: "new",
    });
  });

  test("what something has gone missing for since is installed, and still lacks that", () => {
    const known = {
      wish: "withheld",
      state: "failed",
      reason: "there is no value for attribute.room",
    } as const;

    expect(afterCommand(way(known), taken, now)).toMatchObject({
      ...{ state: "failed", reason: known.reason, installed: "new" },
    });
  });

  test("what is removed is forgotten, unless it is wanted again", () => {
    expect(afterCommand(way({ wish: "gone" }, null), taken, now)).toBeUndefined();
    expect(afterCommand(way(took("new"), null), taken, now)).toMatchObject({
      state: "pending",
      installed: null,
    });
  });

  test("a failure is followed by ever longer rests, and then by none", () => {
    let row = rowWith({});
    const rests: (number | null)[] = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      row = afterFailure(row, "new", refused, now);
      rests.push(row.retry_at && row.retry_at - now);
    }

    expect(rests).toEqual([hour, 6 * hour, day, null, null]);
    expect(afterFailure(row, "newer", refused, now)).toMatchObject({ attempts: 1, retry_at: now + hour });
    expect(afterFailure(row, "new", { ...refused, repeatable: false }, now).retry_at).toBeNull();
  });
});

describe("what a device lists", () => {
  const there = (change: Partial<ProfileRow> = {}) => rowWith({ ...took("new"), ...change });
  const listed = (uuid: string, byDeclaration = false) => ({ uuid, byDeclaration });

  test.each([
    ["the same", there(), listed("new"), "as-told"],
    ["what is to go, still", there({ wish: "gone" }), listed("new"), "as-told"],
    ["not what is to go", there({ wish: "gone" }), undefined, "gone-as-wanted"],
  ])("%s", (_, row, item, found) => {
    expect(findDrift(row, item, now).found).toBe(found);
  });

  test.each([
    ["it is missing", there(), undefined, "missing", "pending", false],
    ["it is another one", there(), listed("other"), "another", "pending", false],
    ["a declaration has replaced it", there(), listed("other", true), "another", "failed", true],
    [
      "it was put back too often",
      there({ repairs: 3, repairs_since: now - hour }),
      undefined,
      "missing",
      "failed",
      true,
    ],
    [
      "that was long ago",
      there({ repairs: 3, repairs_since: now - day }),
      undefined,
      "missing",
      "pending",
      false,
    ],
  ])("drift: %s", (_, row, item, what, state, givenUp) => {
    expect(findDrift(row, item, now)).toMatchObject({
      ...{ found: "drift", what, givenUp },
      row: { state, installed: null },
    });
  });
});
