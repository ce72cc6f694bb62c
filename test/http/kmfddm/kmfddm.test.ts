import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { adminToken, ask, tokenFor } from "../../support/admin.ts";

// What KMFDDM's scripts send, and what they expect back: the method, the path, the body, the status, the answer.
type Exchange = [method: string, path: string, body: unknown, status: number, answer?: unknown];

const basic = (password: string, user = "kmfddm") => `Basic ${btoa(`${user}:${password}`)}`;

const send = (method: string, path: string, body?: unknown, authorization = basic(adminToken)) =>
  ask(method, path, {
    token: null,
    headers: { Authorization: authorization },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });

async function hold(exchanges: readonly Exchange[]): Promise<void> {
  for (const [method, path, body, status, expected] of exchanges) {
    const answer = await send(method, path, body);

    expect(answer.status, `${method} ${path}: ${answer.text}`).toBe(status);
    if (status === 204 || status === 304) expect(answer.text).toBe("");
    if (expected !== undefined) expect(answer.json, `${method} ${path}`).toEqual(expected);
  }
}

const notes = async () => {
  const query = "SELECT concerns, set_name, device_id, quiet FROM assignment_changes ORDER BY id";
  const { results } = await env.DB.prepare(query).all();
  await env.DB.prepare("DELETE FROM assignment_changes").run();
  return results.map(({ concerns, set_name, device_id, quiet }) =>
    [concerns, set_name ?? device_id, quiet ? "quietly" : "aloud"].join(" "),
  );
};

const declaration = (Identifier: string, Echo = "x") => ({
  Identifier,
  Type: "com.apple.configuration.management.test",
  Payload: { Echo },
  ServerToken: "theirs",
});
const activation = {
  Identifier: "com.example.act",
  Type: "com.apple.activation.simple",
  Payload: { StandardConfigurations: ["com.example.test"] },
};

test("lists are lists while nothing is there", async () => {
  await hold([
    ["GET", "/v1/declarations", undefined, 200, []],
    ["GET", "/v1/sets", undefined, 200, []],
    ["GET", "/v1/set-declarations/default", undefined, 200, []],
    ["GET", "/v1/enrollment-sets/00008101-0000", undefined, 200, []],
    ["GET", "/v1/declaration-sets/com.example.test", undefined, 200, []],
  ]);
});

describe("a folder is synchronised as syncdir.py does it", () => {
  const folder: Exchange[] = [
    ["PUT", "/v1/declarations?nonotify=1", activation, 204],
    ["PUT", "/v1/declarations?nonotify=1", declaration("com.example.test"), 204],
    ["PUT", "/v1/set-declarations/default?declaration=com.example.act&nonotify=1", undefined, 204],
    ["PUT", "/v1/set-declarations/default?declaration=com.example.test&nonotify=1", undefined, 204],
  ];

  test("the first time everything is new, and one request at the end notifies", async () => {
    await hold(folder);

    expect(await notes()).toEqual(["channels default quietly", "channels default quietly"]);
    await hold([
      [
        "POST",
        "/v1/notify?declaration=com.example.act&declaration=com.example.test&set=default",
        undefined,
        204,
      ],
    ]);
    expect(await notes()).toEqual(["channels default aloud", "channels default aloud"]);
  });

  test("the second time nothing changed, and nobody hears of it", async () => {
    await hold(folder.map(([method, path, body]) => [method, path, body, 304]));

    expect(await notes()).toEqual([]);
  });

  test("a changed file is the only change, and a line with a minus takes its declaration out", async () => {
    await hold([
      ["PUT", "/v1/declarations?nonotify=1", declaration("com.example.test", "y"), 204],
      ["DELETE", "/v1/set-declarations/default?declaration=com.example.act&nonotify=1", undefined, 204],
      ["DELETE", "/v1/set-declarations/default?declaration=com.example.act&nonotify=1", undefined, 304],
      ["POST", "/v1/notify?declaration=com.example.test&set=default", undefined, 204],
    ]);
    await notes();
  });
});

test("the shell scripts' way through declarations", async () => {
  const saved = await ask("GET", "/api/v1/declarations/com.example.test");

  await hold([
    ["GET", "/v1/declarations", undefined, 200, ["com.example.act", "com.example.test"]],
    [
      "GET",
      "/v1/declarations/com.example.test",
      undefined,
      200,
      { ...declaration("com.example.test", "y"), ServerToken: saved.json.server_token },
    ],
    ["POST", "/v1/declarations/com.example.test/touch", undefined, 204],
    ["GET", "/v1/declaration-sets/com.example.test", undefined, 200, ["default"]],
    ["DELETE", "/v1/declarations/com.example.test", undefined, 409],
    ["DELETE", "/v1/set-declarations/default?declaration=com.example.test", undefined, 204],
    ["DELETE", "/v1/declarations/com.example.act", undefined, 204],
    ["DELETE", "/v1/declarations/com.example.test", undefined, 204],
    ["DELETE", "/v1/declarations/com.example.test", undefined, 304],
    [
      "GET",
      "/v1/declarations/com.example.test",
      undefined,
      404,
      { error: "declaration not found: com.example.test" },
    ],
    ["POST", "/v1/declarations/com.example.test/touch", undefined, 404],
    ["GET", "/v1/set-declarations/default", undefined, 200, []],
  ]);
  await notes();
});

test("sets of an enrollment, be it a device or a user of one", async () => {
  const user = "00008101-1:501-A:B";
  await hold([
    ["PUT", `/v1/enrollment-sets/${user}?set=staff`, undefined, 204],
    ["PUT", `/v1/enrollment-sets/${encodeURIComponent(user)}?set=staff`, undefined, 304],
    ["PUT", `/v1/enrollment-sets/${user}?set=lab&nonotify=yes`, undefined, 204],
    ["GET", `/v1/enrollment-sets/${user}`, undefined, 200, ["lab", "staff"]],
    ["GET", "/v1/enrollment-sets/00008101-1", undefined, 200, []],
    ["GET", "/v1/sets", undefined, 200, ["default", "lab", "staff"]],
    ["DELETE", `/v1/enrollment-sets/${user}?set=lab`, undefined, 204],
    ["DELETE", `/v1/enrollment-sets/${user}?set=lab`, undefined, 304],
    ["DELETE", `/v1/enrollment-sets-all/${user}`, undefined, 204],
    ["DELETE", `/v1/enrollment-sets-all/sets/${user}`, undefined, 304],
  ]);
  const { results } = await env.DB.prepare("SELECT * FROM channel_sets").all();

  expect(results).toEqual([]);
  expect(await notes()).toEqual([
    "device 00008101-1 aloud",
    "device 00008101-1 quietly",
    "device 00008101-1 aloud",
    "device 00008101-1 aloud",
  ]);
});

test.each([
  ["", "aloud"],
  ["0", "aloud"],
  ["False", "aloud"],
  ["NO", "aloud"],
  ["off", "aloud"],
  ["1", "quietly"],
  ["anything", "quietly"],
])("nonotify=%s changes %s", async (value, how) => {
  await hold([["PUT", `/v1/enrollment-sets/quiet-${how}?set=a&nonotify=${value}`, undefined, 204]]);
  await hold([["DELETE", `/v1/enrollment-sets-all/quiet-${how}?nonotify=${value}`, undefined, 204]]);

  expect(new Set(await notes())).toEqual(new Set([`device quiet-${how} ${how}`]));
});

test("notify reaches devices by the ids of their users too", async () => {
  await hold([["POST", "/v1/notify?id=00008101-1:501&id=00008101-2", undefined, 204]]);

  expect(await notes()).toEqual(["device 00008101-1 aloud", "device 00008101-2 aloud"]);
});

test("what cannot be done is said as KMFDDM says it, and is never a fault of the server", async () => {
  const incomplete = "a declaration has an Identifier, a Type and a Payload";
  await hold([
    ["PUT", "/v1/declarations", "{", 400],
    ["PUT", "/v1/declarations", "null", 400, { error: incomplete }],
    ["PUT", "/v1/declarations", { Identifier: "a", Type: "b" }, 400, { error: incomplete }],
    ["PUT", "/v1/declarations", { Identifier: "a", Type: "b", Payload: [] }, 400, { error: incomplete }],
    ["PUT", "/v1/declarations", { ...declaration("a"), Type: "com.apple.profile.x" }, 400],
    ["PUT", "/v1/declarations", declaration("x".repeat(65)), 400],
    ["PUT", "/v1/declarations", `"${"x".repeat(1024 * 1024)}"`, 413],
    [
      "PUT",
      "/v1/set-declarations/default",
      undefined,
      400,
      { error: "missing required query parameter: declaration" },
    ],
    [
      "PUT",
      "/v1/set-declarations/default?declaration=no",
      undefined,
      404,
      { error: "declaration not found: no" },
    ],
    ["PUT", "/v1/set-declarations/%20?declaration=no", undefined, 400],
    ["PUT", "/v1/enrollment-sets/a", undefined, 400, { error: "missing required query parameter: set" }],
    ["PATCH", "/v1/declarations", undefined, 404],
    ["GET", "/v1/declarations/a/b/c", undefined, 404],
  ]);
});

test("the password is an API token, whose role says what may be done", async () => {
  const viewer = basic(await tokenFor("viewer"));
  const refused = [
    "Basic !",
    basic("wrong"),
    basic(""),
    basic(adminToken, "nanomdm"),
    `Bearer ${adminToken}`,
    `Basic ${btoa("\xff:x")}`,
  ];

  for (const authorization of refused) {
    const answer = await send("GET", "/v1/sets", undefined, authorization);
    expect([answer.status, answer.headers.get("WWW-Authenticate")], authorization).toEqual([
      401,
      'Basic realm="kmfddm", charset="UTF-8"',
    ]);
    expect(answer.json.error).toContain("authenticate as kmfddm");
  }
  expect((await send("GET", "/v1/sets", undefined, viewer)).status).toBe(200);
  expect((await send("PUT", "/v1/enrollment-sets/a?set=b", undefined, viewer)).status).toBe(403);
  expect((await ask("GET", "/version", { token: null })).json.version).toMatch(/^\d/);
});

test("changes stand in the audit log", async () => {
  await send("PUT", "/v1/declarations", declaration("audited"));

  const { items } = (await ask("GET", "/api/v1/audit?limit=1")).json;

  expect(items).toMatchObject([{ method: "PUT", route: "/v1/declarations", status: 204 }]);
});
