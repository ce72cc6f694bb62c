import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { day } from "../../../src/base/time.ts";
import { checkDeclaration } from "../../../src/catalog/check.ts";
import { versionKey } from "../../../src/mdm/platform.ts";
import { ask } from "../../support/admin.ts";
import { finish, jobObject } from "../../support/jobs.ts";

const policies = "/api/v1/software-updates/policies";
const inDays = (days: number) => `${new Date(Date.now() + days * day).toISOString().slice(0, 10)}T18:00:00`;
const deadline = inDays(14);
const fixed = { kind: "version", version: "18.2", deadline };

beforeEach(async () => {
  for (const platform of ["macos", "ipados"])
    await ask("PUT", `/api/v1/software-updates/releases/${platform}/18.2`, {
      json: { released_at: "2026-01-01T10:00:00Z" },
    });
});

// The job goes through all policies each time: no test pays for the policies of those before it. A policy's own set goes with
// it, and a policy of the same name waits for that.
afterEach(async () => {
  const { items } = (await ask("GET", policies)).json;
  for (const { name } of items) await ask("DELETE", `${policies}/${name}`);
  for (const job of ["software-updates", "assign"] as const)
    if ((await jobObject(job).status())?.state === "running") await finish(job);
});

const put = async (name: string, json: unknown) => {
  const answer = await ask("PUT", `${policies}/${name}`, { json });
  await finish("software-updates");
  return answer;
};
const declared = async (identifier: string) => (await ask("GET", `/api/v1/declarations/${identifier}`)).json;
const membersOf = async (set: string): Promise<string[]> => {
  const { json } = await ask("GET", `/api/v1/sets/${set}`);
  return json.by_policy.flatMap((owned: { declarations: string[] }) => owned.declarations);
};
const device = (id: string, platform: string, version: string, build = "22A100") =>
  env.DB.prepare(
    `INSERT INTO devices (id, state, kind, platform, os_version, os_key, build, attributes, created_at)
      VALUES (?, 'enrolled', 'device', ?, ?, ?, ?, '{}', 0)`,
  ).bind(id, platform, version, versionKey(version), build);
const give = (id: string, set: string) =>
  env.DB.prepare(
    "INSERT INTO channel_sets (device_id, user_id, set_name, source) VALUES (?, '', ?, 'given')",
  ).bind(id, set);

test("a policy becomes a configuration and an activation for each platform, in a set of its own", async () => {
  const answer = await put("december", { platforms: ["macos", "ipados"], target: fixed });

  expect(answer.status).toBe(201);
  expect(answer.json).toMatchObject({
    sets: ["software-update.december"],
    enforces: [
      { platform: "ipados", version: "18.2", deadline },
      { platform: "macos", configuration: "software-update.december.macos" },
    ],
  });
  expect(await membersOf("software-update.december")).toEqual([
    "software-update.december.ipados",
    "software-update.december.ipados.activation",
    "software-update.december.macos",
    "software-update.december.macos.activation",
  ]);
  expect((await declared("software-update.december.macos")).payload).toEqual({
    TargetOSVersion: "18.2",
    TargetLocalDateTime: deadline,
  });
  expect((await declared("software-update.december.macos.activation")).payload).toEqual({
    StandardConfigurations: ["software-update.december.macos"],
    Predicate: "@status(device.operating-system.family) IN {'macOS'}",
  });
  const saved = await ask("PUT", "/api/v1/declarations/software-update.december.ipados.activation", {
    json: await declared("software-update.december.ipados.activation").then(({ type, payload }) => ({
      type,
      payload,
    })),
  });
  expect(saved.json, "as a person would save it").toMatchObject({ outcome: "unchanged", warnings: [] });
});

test("changed, it changes only what differs; deleted, it leaves nothing behind", async () => {
  await put("december", {
    platforms: ["macos"],
    target: { ...fixed, build: "22C152" },
    details_url: "https://example.com/update",
  });

  expect((await declared("software-update.december.macos")).payload).toMatchObject({
    TargetBuildVersion: "22C152",
    DetailsURL: "https://example.com/update",
  });
  expect((await declared("software-update.december.macos.activation")).version).toBe(1);
  expect(await membersOf("software-update.december")).toHaveLength(2);

  expect((await ask("DELETE", `${policies}/december`)).status).toBe(204);
  expect((await ask("GET", `${policies}/december`)).status).toBe(404);
  expect((await ask("DELETE", `${policies}/december`)).status).toBe(404);
  await finish("software-updates");

  expect((await declared("software-update.december.macos")).status).toBe(404);
  expect((await ask("GET", "/api/v1/sets/software-update.december")).status).toBe(404);
  const { results } = await env.DB.prepare("SELECT * FROM software_update_policies").all();
  expect(results).toEqual([]);
});

test("the latest is what somebody said is out, or the newest that a device has, betas apart", async () => {
  await env.DB.batch([
    env.DB.prepare("DELETE FROM os_releases"),
    device("mac-old", "macos", "15.1"),
    device("mac-new", "macos", "15.10", "24G90"),
    device("mac-beta", "macos", "26.0", "25A5279m"),
  ]);
  const target = { kind: "latest", days_after_release: 14, local_time: "07:30" };

  await put("latest", { platforms: ["macos", "tvos"], target });
  const seen = await ask("GET", `${policies}/latest`);
  await ask("PUT", "/api/v1/software-updates/releases/macos/15.11", {
    json: { released_at: "2026-11-20T10:00:00Z" },
  });
  await finish("software-updates");
  const given = await ask("GET", `${policies}/latest`);

  expect(seen.json.enforces).toMatchObject([
    { platform: "macos", version: "15.10", deadline: expect.stringMatching(/^\d{4}-\d\d-\d\dT07:30:00$/) },
    { platform: "tvos", version: null, deadline: null },
  ]);
  expect(given.json.enforces[0]).toMatchObject({ version: "15.11", deadline: "2026-12-04T07:30:00" });
  const configuration = await declared("software-update.latest.macos");
  expect(configuration.payload.TargetOSVersion).toBe("15.11");
  expect(await checkDeclaration(configuration.type, configuration.payload)).toEqual([]);
  expect((await declared("software-update.latest.tvos")).status).toBe(404);
  expect((await ask("GET", "/api/v1/software-updates/releases")).json.items).toMatchObject([
    { version: "15.11", source: "given" },
    { version: "15.10", source: "seen" },
  ]);
  await ask("DELETE", "/api/v1/software-updates/releases/macos/15.11");
  await finish("software-updates");
  expect((await declared("software-update.latest.macos")).payload.TargetOSVersion).toBe("15.10");
});

test("a policy for chosen sets is in those and in no other", async () => {
  for (const set of ["staff", "lab"]) await ask("PUT", `/api/v1/sets/${set}`, { json: {} });
  const policy = (...sets: string[]) => ({ platforms: ["macos"], target: fixed, sets });

  await put("chosen", policy("staff", "lab"));
  await put("chosen", policy("lab"));

  expect(await membersOf("staff")).toEqual([]);
  expect(await membersOf("lab")).toHaveLength(2);
  await put("chosen", policy("lab", "staff"));
  await ask("DELETE", "/api/v1/sets/staff");
  await ask("POST", "/api/v1/jobs/software-updates");
  const { remarks } = await finish("software-updates");
  expect(remarks).toEqual([{ about: "chosen", detail: "its set staff no longer exists" }]);
  expect((await ask("GET", "/api/v1/sets/staff")).status).toBe(404);
  expect((await put("chosen", policy("lab", "nobody"))).json.errors).toEqual([
    { pointer: "/sets/1", code: "unknown", detail: "there is no set nobody" },
  ]);
});

test("progress tells how each device stands, from what it reported", async () => {
  const states = ["installing", "failed", undefined];
  await put("progress", { platforms: ["macos"], target: fixed });
  await env.DB.batch([
    ...["p1", "p2", "p3"].map((id) => device(id, "macos", "15.0")),
    device("p4", "macos", "18.2.1"),
    device("p5", "tvos", "18.0"),
    ...["p1", "p2", "p3", "p4", "p5", "p6"].map((id) => give(id, "software-update.progress")),
    ...states.flatMap((state, at) =>
      state
        ? env.DB.prepare(
            `INSERT INTO status_values (device_id, user_id, path, value, seq, updated_at)
              VALUES (?, '', 'softwareupdate.install-state', ?, 1, 0)`,
          ).bind(`p${at + 1}`, JSON.stringify(state))
        : [],
    ),
    env.DB.prepare(
      `INSERT INTO declaration_states (device_id, user_id, identifier, state, reasons, server_token, seq, updated_at)
        VALUES ('p1', '', 'software-update.progress.macos', 'active', '[]', 'x', 1, 0)`,
    ),
  ]);

  const first = await ask("GET", `${policies}/progress/progress?limit=4`);
  const rest = await ask("GET", `${policies}/progress/progress?limit=4&cursor=${first.json.next_cursor}`);

  const told = [...first.json.items, ...rest.json.items].map((item) => [item.device_id, item.state]);
  expect(told).toEqual([
    ["p1", "installing"],
    ["p2", "failed"],
    ["p3", "pending"],
    ["p4", "done"],
    ["p5", "not_meant"],
    ["p6", "pending"],
  ]);
  expect(first.json.items[0]).toMatchObject({ target_version: "18.2", declaration_state: "active" });
  expect(rest.json.next_cursor).toBeNull();
});

test.each([
  ["Big", { target: fixed }, "/name"],
  ["a".repeat(25), { target: fixed }, "/name"],
  ["one", {}, "/target"],
  ["one", { target: { ...fixed, deadline: "2026-12-01T18:00:00Z" } }, "/target/deadline"],
  ["one", { target: { ...fixed, deadline: "2026-02-30T18:00:00" } }, "/target/deadline"],
  ["one", { target: { ...fixed, version: "latest" } }, "/target/version"],
  ["one", { target: { kind: "latest", days_after_release: -1 } }, "/target/days_after_release"],
  ["one", { target: fixed, platforms: ["watchos"] }, "/platforms/0"],
])("%s with %j is refused", async (name, json, pointer) => {
  const answer = await ask("PUT", `${policies}/${name}`, { json });

  expect(answer.status).toBe(400);
  expect(answer.json.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
});

describe("traps of a policy are told", () => {
  const confirmed = (version: string, deadline: string, confirm?: string) =>
    put("doubted", { platforms: ["macos"], target: { ...fixed, version, deadline }, confirm });

  test("one whose set nobody has says so, until somebody has it", async () => {
    const made = await put("unheard", { platforms: ["macos"], target: fixed });
    const progress = await ask("GET", `${policies}/unheard/progress`);

    expect(made.json).toMatchObject({ audience: "nobody", warnings: [{ code: "nobody" }] });
    expect(progress.json).toEqual({ items: [], next_cursor: null, audience: "nobody" });

    await give("holder", "software-update.unheard").run();
    expect((await ask("GET", `${policies}/unheard`)).json).toMatchObject({
      audience: "devices",
      warnings: [],
    });
    expect((await ask("GET", `${policies}/unheard/progress`)).json.audience).toBe("devices");
  });

  test("what it put into a set survives a PUT of the set, is shown apart, and goes with it", async () => {
    await ask("PUT", "/api/v1/sets/kept", { json: {} });
    await put("owner", { platforms: ["macos"], target: fixed, sets: ["kept"] });
    const owned = ["software-update.owner.macos", "software-update.owner.macos.activation"];

    const answer = await ask("PUT", "/api/v1/sets/kept", {
      json: { description: "again", declarations: [] },
    });

    expect(answer.json).toMatchObject({
      declarations: [],
      by_policy: [{ policy: "owner", declarations: owned }],
    });
    const listed = await ask("PUT", "/api/v1/sets/kept", { json: { declarations: [owned[0]] } });
    expect(listed.json, "listing it does not make it the set's own").toMatchObject({
      declarations: [],
      by_policy: [{ policy: "owner", declarations: owned }],
    });

    await ask("DELETE", `${policies}/owner`);
    await finish("software-updates");
    expect((await ask("GET", "/api/v1/sets/kept")).json).toMatchObject({ declarations: [], by_policy: [] });
    expect((await declared(owned[0] as string)).status).toBe(404);
  });

  test.each([
    ["18.2", "2020-01-01T18:00:00", "deadline-past", "/target/deadline"],
    ["18.2", inDays(3 * 365), "deadline-far", "/target/deadline"],
    ["99.1", deadline, "unknown-version", "/target/version"],
  ])(
    "%s by %s is refused as %s until it is confirmed in its own words",
    async (version, by, code, pointer) => {
      const refused = await confirmed(version, by);
      const other = await confirmed(version, by, `${version} by 2001-01-01T00:00:00`);
      const words = `${version} by ${by}`;

      expect(refused.status).toBe(400);
      expect(refused.json.errors).toEqual([
        { pointer, code, detail: expect.stringContaining(`"confirm": "${words}"`) },
      ]);
      expect(other.status).toBe(400);
      expect((await ask("GET", `${policies}/doubted`)).status).toBe(404);
      expect((await confirmed(version, by, words)).status).toBe(201);
      await ask("DELETE", `${policies}/doubted`);
      await finish("software-updates");
    },
  );

  test("a version that a device of the platform has is known", async () => {
    await device("has-it", "macos", "97.4").run();

    expect((await confirmed("97.4", deadline)).status).toBe(201);
    const ipads = { platforms: ["ipados"], target: { ...fixed, version: "97.4" } };
    expect((await put("doubted", ipads)).json.errors[0].code).toBe("unknown-version");
  });
});
