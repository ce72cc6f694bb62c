import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { checkDeclaration } from "../../../src/catalog/check.ts";
import { versionKey } from "../../../src/mdm/platform.ts";
import { ask } from "../../support/admin.ts";
import { finish } from "../../support/jobs.ts";

const policies = "/api/v1/software-updates/policies";
const fixed = { kind: "version", version: "18.2", deadline: "2026-12-01T18:00:00" };

const put = async (name: string, json: unknown) => {
  const answer = await ask("PUT", `${policies}/${name}`, { json });
  await finish("software-updates");
  return answer;
};
const declared = async (identifier: string) => (await ask("GET", `/api/v1/declarations/${identifier}`)).json;
const membersOf = async (set: string) => (await ask("GET", `/api/v1/sets/${set}`)).json?.declarations;
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
      { platform: "ipados", version: "18.2", deadline: "2026-12-01T18:00:00" },
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
    TargetLocalDateTime: "2026-12-01T18:00:00",
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
  expect(remarks).toEqual([{ about: "chosen", detail: "its set staff is no more" }]);
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
