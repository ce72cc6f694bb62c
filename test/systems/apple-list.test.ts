import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { day, hour } from "../../src/base/time.ts";
import { openDb } from "../../src/db/open.ts";
import { readList } from "../../src/gdmf/read-list.ts";
import { versionKey } from "../../src/mdm/platform.ts";
import { canRun } from "../../src/systems/ability.ts";
import { keepList } from "../../src/systems/take-list.ts";
import { ask } from "../support/admin.ts";
import { type GdmfList, gdmfBytes, gdmfList } from "../support/gdmf-list.ts";
import { finish, run } from "../support/jobs.ts";

// Apple's list as it is kept, and what it means for policies and devices.

const now = Date.now();

function take(list: GdmfList = gdmfList(), at = now) {
  const systems = readList(gdmfBytes(list));
  if (!systems.ok) throw new Error(systems.refusal.detail);
  return keepList(env, systems.value, at);
}

const rows = async (version: string) =>
  (
    await env.DB.prepare("SELECT * FROM signed_systems WHERE version = ? ORDER BY list, platform, build")
      .bind(version)
      .all<{
        first_posted_on: string;
        posted_on: string;
        missing_since: number | null;
        first_seen_at: number;
      }>()
  ).results;

const policies = "/api/v1/software-updates/policies";
const latest = { kind: "latest", days_after_release: 14, local_time: "07:30" };
const put = async (name: string, json: unknown) => {
  const answer = await ask("PUT", `${policies}/${name}`, { json });
  await finish("software-updates");
  return answer;
};
const declared = async (identifier: string) => (await ask("GET", `/api/v1/declarations/${identifier}`)).json;

const device = (id: string, platform: string, product: string, version: string) =>
  env.DB.prepare(
    `INSERT INTO devices (id, state, kind, platform, product_name, os_version, os_key, build, attributes, created_at)
      VALUES (?, 'enrolled', 'device', ?, ?, ?, ?, '22A100', '{}', 0)`,
  ).bind(id, platform, product, version, versionKey(version));
const toldModel = (id: string, model: string) =>
  env.DB.prepare(
    "INSERT INTO status_values (device_id, user_id, path, value, seq, updated_at) VALUES (?, '', 'softwareupdate.device-id', ?, 1, 0)",
  ).bind(id, JSON.stringify(model));

beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare("DELETE FROM signed_systems"),
    env.DB.prepare("DELETE FROM signed_systems_reading"),
    env.DB.prepare("DELETE FROM os_releases"),
  ]);
});

test("the list is written once: the same answer changes nothing, also in another order", async () => {
  const list = gdmfList();
  const turned: GdmfList = {
    ...list,
    AssetSets: Object.fromEntries(
      Object.entries(list.AssetSets).map(([name, entries]) => [name, entries.toReversed()]),
    ),
  };

  const first = await take(list);

  expect(first.changed).toBeGreaterThan(20);
  expect(await take(list)).toEqual({ changed: 0 });
  expect(await take(turned)).toEqual({ changed: 0 });
});

test("the day of a release is the earliest that Apple ever named, whatever day it names later", async () => {
  await take(gdmfList({ posted: "2026-08-10" }));
  await take(gdmfList({ posted: "2026-08-24" }), now + day);

  const [row] = await rows("26.6");

  expect(row).toMatchObject({ first_posted_on: "2026-08-10", posted_on: "2026-08-24", first_seen_at: now });
});

test("an answer that is much shorter changes nothing, until it has been so for a week", async () => {
  await take();
  const short = { ...gdmfList(), AssetSets: { iOS: [] }, PublicAssetSets: { iOS: [] } };
  const half: GdmfList = { ...gdmfList(), AssetSets: { macOS: gdmfList().AssetSets.macOS ?? [] } };

  expect(await take(short, now + day)).toEqual({ changed: 0, trouble: "it holds no systems" });
  expect(await take(half, now + day)).toMatchObject({
    changed: 0,
    trouble: expect.stringContaining("holds nothing"),
  });
  expect(await rows("26.6")).toEqual(
    expect.not.arrayContaining([expect.objectContaining({ missing_since: now + day })]),
  );

  expect((await take(half, now + 7 * day)).trouble).toBeDefined();
  expect(await take(half, now + 8 * day)).toMatchObject({ changed: expect.any(Number) });
  expect((await take(half, now + 8 * day)).trouble).toBeUndefined();
  expect((await take(short, now + 30 * day)).trouble).toBe("it holds no systems");
});

test("what one answer lacks and the next one has was never gone", async () => {
  await take();
  const list = gdmfList();
  const without: GdmfList = {
    ...list,
    AssetSets: {
      ...list.AssetSets,
      iOS: (list.AssetSets.iOS ?? []).filter(({ ProductVersion }) => ProductVersion !== "26.5"),
    },
  };

  await take(without, now + hour);
  expect((await rows("26.5"))[0]?.missing_since).toBe(now + hour);
  await take(list, now + 2 * hour);
  expect((await rows("26.5"))[0]?.missing_since).toBeNull();
});

test("the latest is one for each model: older models get what is still made for them", async () => {
  await take();

  const answer = await put("newest", { platforms: ["ios", "macos"], target: latest });

  expect(answer.json.enforces).toMatchObject([
    { platform: "ios", version: "26.6", deadline: "2026-08-24T07:30:00", models: null },
    {
      platform: "ios",
      version: "18.7.10",
      configuration: "software-update.newest.ios.18",
      models: ["iPhone11,2", "iPhone11,8"],
    },
    { platform: "macos", version: "26.6", models: null },
    { platform: "macos", version: "15.8", models: ["J230kAP", "Mac-1E7E29AD0135F9BC", "VMM-x86_64"] },
  ]);
  expect((await declared("software-update.newest.ios.activation")).payload.Predicate).toMatch(
    /AND NOT \(@status\(device\.model\.identifier\) IN \{'iPhone11,2', 'iPhone11,8'\}\)$/,
  );
  expect((await declared("software-update.newest.ios.18.activation")).payload).toEqual({
    StandardConfigurations: ["software-update.newest.ios.18"],
    Predicate: expect.stringMatching(
      / AND @status\(device\.model\.identifier\) IN \{'iPhone11,2', 'iPhone11,8'\}$/,
    ),
  });
  expect((await declared("software-update.newest.macos.15.activation")).payload.Predicate).toContain(
    "@status(softwareupdate.device-id) IN {'J230kAP'",
  );
  const saved = await ask("PUT", "/api/v1/declarations/software-update.newest.ios.activation", {
    json: await declared("software-update.newest.ios.activation").then(({ type, payload }) => ({
      type,
      payload,
    })),
  });
  expect(saved.json, "as a person would save it").toMatchObject({ outcome: "unchanged", warnings: [] });

  await ask("DELETE", `${policies}/newest`);
  await finish("software-updates");
  expect((await declared("software-update.newest.ios.18")).status).toBe(404);
  expect((await declared("software-update.newest.ios")).status).toBe(404);
});

test("the progress of a device goes by its own latest, and one that cannot run a version is said to be unable", async () => {
  await take();
  await env.DB.batch([
    device("old-phone", "ios", "iPhone11,2", "18.7.10"),
    device("new-phone", "ios", "iPhone17,1", "18.7.10"),
    device("old-mac", "macos", "MacBookPro16,2", "15.8"),
    toldModel("old-mac", "J230kAP"),
    ...["old-phone", "new-phone", "old-mac"].map((id) =>
      env.DB.prepare(
        "INSERT INTO channel_sets (device_id, user_id, set_name, source) VALUES (?, '', 'all', 'given')",
      ).bind(id),
    ),
  ]);
  await ask("PUT", "/api/v1/sets/all", { json: {} });
  const progress = async (name: string) =>
    (await ask("GET", `${policies}/${name}/progress`)).json.items.map(
      (item: { device_id: string; target_version: string; state: string }) =>
        `${item.device_id} ${item.target_version} ${item.state}`,
    );

  await put("newest", { target: latest, sets: ["all"] });
  await put("typed", {
    target: {
      kind: "version",
      version: "26.6",
      deadline: `${new Date(now + 9 * day).toISOString().slice(0, 10)}T18:00:00`,
    },
    sets: ["all"],
  });

  expect(await progress("newest")).toEqual([
    "new-phone 26.6 pending",
    "old-mac 15.8 done",
    "old-phone 18.7.10 done",
  ]);
  expect(await progress("typed")).toEqual([
    "new-phone 26.6 pending",
    "old-mac 26.6 unable",
    "old-phone 26.6 unable",
  ]);
});

test("a target that Apple took from its list is withdrawn after two days, and comes back with it", async () => {
  await take();
  const list = gdmfList();
  const without: GdmfList = {
    ...list,
    AssetSets: {
      ...list.AssetSets,
      iOS: (list.AssetSets.iOS ?? []).filter(({ ProductVersion }) => ProductVersion !== "26.5"),
    },
  };
  const target = {
    kind: "version",
    version: "26.5",
    deadline: `${new Date(now + 9 * day).toISOString().slice(0, 10)}T18:00:00`,
  };

  expect((await put("pinned", { platforms: ["ios"], target })).status).toBe(201);
  expect((await declared("software-update.pinned.ios")).payload.TargetOSVersion).toBe("26.5");
  await take(without, now - 3 * day);
  const report = await run("software-updates");

  expect((await declared("software-update.pinned.ios")).status).toBe(404);
  expect((await ask("GET", `${policies}/pinned`)).json.enforces).toMatchObject([
    { version: null, withdrawn: true },
  ]);
  expect(report.remarks).toEqual([
    {
      about: "pinned",
      detail: "Apple does not sign its version for ios any more; nothing is asked of devices",
    },
  ]);

  await take(list);
  await run("software-updates");
  expect((await declared("software-update.pinned.ios")).payload.TargetOSVersion).toBe("26.5");
});

test("a version that Apple lists needs no confirmation; one that nobody knows does", async () => {
  await take();
  const target = (version: string) => ({
    platforms: ["ios"],
    target: {
      kind: "version",
      version,
      deadline: `${new Date(now + 9 * day).toISOString().slice(0, 10)}T18:00:00`,
    },
  });

  expect((await put("listed", target("18.7.8"))).status).toBe(201);
  expect((await put("unlisted", target("18.7.9"))).status).toBe(400);
});

test("what a person says of a release stands before the list: its day, or that a newer one is out", async () => {
  await take();
  const say = (version: string, day: string) =>
    ask("PUT", `/api/v1/software-updates/releases/ios/${version}`, {
      json: { released_at: `${day}T18:00:00Z` },
    });
  await put("newest", { platforms: ["ios"], target: latest });
  const enforced = async () => (await ask("GET", `${policies}/newest`)).json.enforces;

  await say("26.6", "2026-08-11");
  expect(await enforced()).toMatchObject([
    { version: "26.6", deadline: "2026-08-25T07:30:00" },
    { version: "18.7.10" },
  ]);
  await say("26.7", "2026-09-01");
  expect(await enforced()).toMatchObject([
    { version: "26.7", deadline: "2026-09-15T07:30:00" },
    { version: "18.7.10" },
  ]);
});

test("a device's own newest system, and whether it can run a version", async () => {
  await take();
  await env.DB.batch([
    device("phone", "ios", "iPhone11,2", "18.2"),
    device("mac", "macos", "Mac15,3", "15.2"),
  ]);
  const about = async (path: string) => (await ask("GET", `/api/v1/software-updates/devices/${path}`)).json;

  expect(await about("phone?version=26.0")).toMatchObject({
    model: "iPhone11,2",
    latest: { version: "18.7.10", released_on: "2026-08-10" },
    can_run: "no",
  });
  expect(await about("mac?version=26.0")).toMatchObject({ latest: null, can_run: "unknown" });
  expect((await ask("GET", "/api/v1/software-updates/devices/nobody")).status).toBe(404);
  expect(await canRun(openDb(env.DB), ["J514cAP", "Mac15,3"], "26.6", now)).toBe("yes");
  expect(await canRun(openDb(env.DB), [undefined, "Mac15,3"], "26.6", now)).toBe("unknown");
});

test("a list that cannot be read leaves what was there, and is said to be stale after two days", async () => {
  await take(gdmfList(), now - 3 * day);

  const report = await run("apple-systems");
  const state = (await ask("GET", "/api/v1/software-updates/apple-list")).json;
  await run("problems");
  const { items } = (await ask("GET", "/api/v1/problems")).json;

  expect(report).toMatchObject({ state: "done", outcome: "the list stays as it was" });
  expect(state).toMatchObject({ stale: true, taken_at: new Date(now - 3 * day).toISOString() });
  expect(state.trouble).toMatch(/^localhost:9: /);
  expect(await rows("26.6")).not.toEqual([]);
  expect(items).toContainEqual(expect.objectContaining({ code: "apple-list-stale", urgency: "notice" }));
});
