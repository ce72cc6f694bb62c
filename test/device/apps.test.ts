import { describe, expect, test } from "vitest";
import { day, minute } from "../../src/base/time.ts";
import {
  afterFailure,
  decideApp,
  newRow,
  removed,
  taken,
  underWay,
  type Wish,
} from "../../src/device/desired/apps/decide.ts";
import { standOf } from "../../src/device/desired/apps/stand.ts";
import type { AppRow } from "../../src/device/store/apps.ts";

const now = 1_000_000_000;
const row = (more: Partial<AppRow> = {}): AppRow => ({ ...newRow("slack", "store berlin 1", now), ...more });

const wanted = (more: Partial<Extract<Wish, { is: "wanted" }>> = {}): Wish => ({
  is: "wanted",
  version: 1,
  source: "store berlin 1",
  channel: "commands",
  identifier: "com.example.slack",
  licence: '{"adamId":"1"}',
  digest: "store berlin 1",
  configuration: null,
  newest: "10",
  mayUpdate: true,
  isConfiguredByInstall: false,
  isKept: false,
  ...more,
});

const unwanted: Wish = { is: "unwanted", isKept: false };

const begun = (more: Partial<AppRow> = {}): AppRow =>
  row({
    channel: "commands",
    digest: "store berlin 1",
    identifier: "com.example.slack",
    licence: "{}",
    ...more,
  });
const installed = (more: Partial<AppRow> = {}): AppRow =>
  begun({ applied: "store berlin 1", state: "installed", external_version: "10", ...more });

describe("an app by commands", () => {
  test("is installed once, and asked about until the device lists it", () => {
    const first = decideApp(row(), wanted(), "none", now);
    expect(first.does).toBe("install");

    const onItsWay = underWay(first.row as AppRow, "UUID", "install");
    expect(decideApp(onItsWay, wanted(), "held", now).does).toBe("nothing");

    const after = taken(onItsWay, now);
    expect(after).toMatchObject({ applied: "store berlin 1", command_uuid: null, look_at: now + minute });
    expect(decideApp(after, wanted(), "none", now).does).toBe("nothing");
    expect(decideApp(after, wanted(), "none", now + minute)).toMatchObject({
      does: "look",
      row: { looks: 1, look_at: now + 4 * minute },
    });
    const hurried = taken(onItsWay, now, 0.1);
    expect(hurried.look_at).toBe(now + 0.1 * minute);
    expect(decideApp(hurried, wanted(), "none", now + minute, 0.1)).toMatchObject({
      does: "look",
      row: { look_at: now + 1.3 * minute },
    });
  });

  test("that failed is tried again, ever later, and at last only after a change", () => {
    let failed = begun();
    const waits: (number | null)[] = [];
    for (let tries = 0; tries < 5; tries++) {
      failed = afterFailure(failed, { repeatable: true, error: "no", action: "install" }, now);
      waits.push(failed.retry_at);
      expect(decideApp(failed, wanted(), "none", now).does).toBe("nothing");
    }

    expect(waits.map((at) => at !== null)).toEqual([true, true, true, true, false]);
    expect(standOf(failed)).toEqual({ state: "failed", reason: "no" });
    expect(decideApp(failed, wanted(), "none", now + 9 * day).does).toBe("nothing");
    expect(decideApp(failed, wanted({ digest: "https://other" }), "none", now).does).toBe("install");
  });

  test("is updated when the store has another version, and once for each", () => {
    expect(decideApp(installed(), wanted(), "none", now).does).toBe("nothing");
    const newer = decideApp(installed(), wanted({ newest: "11" }), "none", now);
    expect(newer.does).toBe("update");
    expect(decideApp(installed(), wanted({ newest: "11", mayUpdate: false }), "none", now).does).toBe(
      "nothing",
    );
    const told = taken(underWay(newer.row as AppRow, "UUID", "update"), now);
    expect(decideApp({ ...told, look_at: null }, wanted({ newest: "11" }), "none", now).does).toBe("nothing");
  });

  test("gets another configuration without being installed again, but for a Mac", () => {
    const other = wanted({ configuration: "c0ffee" });
    expect(decideApp(installed(), other, "none", now).does).toBe("configure");
    const mac = wanted({ configuration: "c0ffee", isConfiguredByInstall: true });
    expect(decideApp(installed(), mac, "none", now).does).toBe("install");
  });

  test("is removed before its licence is given back", () => {
    const leaving = decideApp(installed(), unwanted, "none", now);
    expect(leaving.does).toBe("remove");
    const after = taken(underWay(leaving.row as AppRow, "UUID", "remove"), now);
    expect(after.applied).toBe(removed);
    const asked = decideApp(after, unwanted, "none", now);
    expect(asked, "the device is asked at once").toMatchObject({ does: "look", row: { wish: "gone" } });
    expect(decideApp(asked.row as AppRow, unwanted, "none", now).does).toBe("nothing");
    // The list of the device does not have it any more.
    expect(decideApp({ ...after, channel: null }, unwanted, "none", now).does).toBe("free");
  });

  test("that was removed and is wanted again is installed again", () => {
    const gone = begun({ applied: removed, wish: "gone", look_at: now + minute });
    expect(decideApp(gone, wanted(), "none", now).does).toBe("install");
  });

  test("that is to stay is left with its licence", () => {
    expect(decideApp(installed(), { is: "unwanted", isKept: true }, "none", now)).toEqual({
      row: undefined,
      does: "nothing",
    });
  });
});

test("while the licence is missing nothing is begun, and what is there stays", () => {
  const stand = { state: "waiting_for_licence" as const, reason: null };
  const waits: Wish = { is: "hindered", version: 1, source: "store berlin 1", licence: "{}", stand };

  const begins = decideApp(row(), waits, "none", now);
  expect(begins).toMatchObject({ does: "nothing", row: { channel: null } });
  expect(standOf(begins.row as AppRow)).toEqual(stand);

  const there = installed({ told: JSON.stringify({ identifier: "a", state: "Managed", reasons: [] }) });
  const stays = decideApp(there, waits, "none", now);
  expect(stays.does).toBe("nothing");
  expect(standOf(stays.row as AppRow).state).toBe("installed");
});

test("a licence that came for an app that is not for the device is given back, and what is there stays", () => {
  const stand = { state: "not_applicable" as const, reason: "the app is for macOS, and this is an iPhone" };
  const notFor: Wish = { is: "hindered", version: 1, source: "store berlin 1", licence: null, stand };

  const held = decideApp(row({ licence: "{}" }), notFor, "none", now);
  expect(held).toMatchObject({ does: "free", row: { channel: null } });
  expect(standOf(held.row as AppRow)).toEqual(stand);
  expect(decideApp(row(), notFor, "none", now).does).toBe("nothing");
  expect(decideApp(installed(), notFor, "none", now)).toMatchObject({
    does: "nothing",
    row: { licence: "{}" },
  });

  // Not for the app's sake: the enrollment gives no right, and may give it tomorrow.
  const mayNot: Wish = { ...notFor, licence: "{}" };
  expect(decideApp(row({ licence: "{}" }), mayNot, "none", now).does).toBe("nothing");
});

test("what manages an app does not change, and another app under its name waits until it is gone", () => {
  const declared = wanted({ channel: "declarations" });
  expect(decideApp(installed(), declared, "none", now).row?.channel).toBe("commands");
  const other = wanted({ source: "store berlin 2", digest: "store berlin 2" });
  expect(decideApp(installed(), other, "none", now)).toMatchObject({
    does: "remove",
    row: { source: "store berlin 1" },
  });
});

test("a declared app that failed for a while is declared once more", () => {
  const failed = row({ channel: "declarations", attempts: 1, retry_at: now });
  expect(decideApp(failed, wanted({ channel: "declarations" }), "none", now)).toMatchObject({
    does: "nothing",
    row: { touches: 1, attempts: 2, retry_at: now + 60 * minute },
  });
});
