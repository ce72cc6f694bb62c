import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { isLike, linesOf } from "../../../src/http/kmfddm/status-values.ts";
import { adminToken, ask, tokenFor } from "../../support/admin.ts";
import { sendStatus } from "../../support/apple-device/declarations.ts";
import { settle } from "../../support/assignment.ts";
import {
  activation as activate,
  declare,
  declareNothingElse,
  passcode,
  synchronised,
} from "../../support/declarative.ts";
import { alarmOf, enrolledDevice, invite } from "../../support/fleet.ts";
import { keepNotes, notes } from "../../support/notes.ts";

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

beforeAll(keepNotes);

const noted = async () =>
  (await notes()).map(({ concerns, set_name, device_id, quiet }) =>
    [concerns, set_name ?? device_id, quiet ? "quietly" : "aloud"].join(" "),
  );

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

    expect(await noted()).toEqual(["channels default quietly", "channels default quietly"]);
    await hold([
      [
        "POST",
        "/v1/notify?declaration=com.example.act&declaration=com.example.test&set=default",
        undefined,
        204,
      ],
    ]);
    expect(await noted()).toEqual(["channels default aloud", "channels default aloud"]);
  });

  test("the second time nothing changed, and nobody hears of it", async () => {
    await hold(folder.map(([method, path, body]) => [method, path, body, 304]));

    expect(await noted()).toEqual([]);
  });

  test("a changed file is the only change, and a line with a minus takes its declaration out", async () => {
    await hold([
      ["PUT", "/v1/declarations?nonotify=1", declaration("com.example.test", "y"), 204],
      ["DELETE", "/v1/set-declarations/default?declaration=com.example.act&nonotify=1", undefined, 204],
      ["DELETE", "/v1/set-declarations/default?declaration=com.example.act&nonotify=1", undefined, 304],
      ["POST", "/v1/notify?declaration=com.example.test&set=default", undefined, 204],
    ]);
    await noted();
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
  await noted();
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
  expect(await noted()).toEqual([
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

  expect(new Set(await noted())).toEqual(new Set([`device quiet-${how} ${how}`]));
});

test("notify reaches devices by the ids of their users too", async () => {
  await hold([["POST", "/v1/notify?id=00008101-1:501&id=00008101-2", undefined, 204]]);

  expect(await noted()).toEqual(["device 00008101-1 aloud", "device 00008101-2 aloud"]);
});

test("a refusal has KMFDDM's form, and is never a fault of the server", async () => {
  const incomplete = "a declaration must have an Identifier, a Type and a Payload";
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

test.each([
  [".StatusItems.device.%", true],
  [".statusitems.DEVICE.model%", true],
  ["%model%identifier", true],
  [".StatusItems.device.model.identifie_", true],
  [".StatusItems.device.model.identifier", true],
  [".StatusItems.device.model.identifier_", false],
  ["device%", false],
  ["%%%", true],
  ["%x", false],
  [`${"%a".repeat(100)}`, false],
])("the prefix %s is compared as SQL's LIKE", (pattern, expected) => {
  expect(isLike(".StatusItems.device.model.identifier", pattern)).toBe(expected);
});

test("values that nest are lines of their own", () => {
  expect(
    linesOf("mdm.app", [
      { identifier: "a", n: 1 },
      { identifier: "b", gone: null, ok: true },
    ]),
  ).toEqual([
    { path: ".StatusItems.mdm.app.identifier", value: "a" },
    { path: ".StatusItems.mdm.app.n", value: "1" },
    { path: ".StatusItems.mdm.app.identifier", value: "b" },
    { path: ".StatusItems.mdm.app.ok", value: "true" },
  ]);
});

describe("a device", () => {
  beforeAll(async () => {
    await invite();
    await declareNothingElse();
  });

  test("what changed quietly waits until somebody notifies, and then its status is told", async () => {
    const phone = await enrolledDevice("iphone");
    await settle(phone);
    const Type = "com.apple.configuration.management.test";
    const Identifier = "kmfddm.test";
    await send("PUT", "/v1/declarations?nonotify=1", { Type, Identifier, Payload: { Echo: "x" } });
    await send("PUT", "/v1/declarations?nonotify=1", {
      Type: "com.apple.activation.simple",
      Identifier: "kmfddm.act",
      Payload: { StandardConfigurations: [Identifier] },
    });
    for (const name of ["kmfddm.act", Identifier])
      await send("PUT", `/v1/set-declarations/kmfddm?declaration=${name}&nonotify=1`);
    await send("PUT", `/v1/enrollment-sets/${phone.id}?set=kmfddm&nonotify=1`);
    await settle(phone);

    expect(await synchronised(phone)).toEqual([]);
    expect((await send("POST", `/v1/notify?id=${phone.id}`)).status).toBe(204);
    await settle(phone);
    expect(await synchronised(phone)).toEqual(["DeclarativeManagement"]);

    const told = await send("GET", `/v1/declaration-status/${phone.id},nobody`);
    expect(told.json).toEqual({
      [phone.id]: ["kmfddm.act", "kmfddm.test"].map((identifier) =>
        expect.objectContaining({ identifier, active: true, valid: "valid", current: true }),
      ),
    });
    expect(told.json[phone.id][0]["server-token"]).toMatch(/^[0-9a-f]{64}$/);
    expect(Date.parse(told.json[phone.id][0].status_received)).toBeGreaterThan(Date.now() - 60_000);
  });

  test("values, errors and reports are told as it tells them", async () => {
    const phone = await enrolledDevice("iphone");
    await declare(phone, [passcode("kmfddm.pass", 6), activate("kmfddm.bad", ["kmfddm.pass"], "nonsense")]);
    await synchronised(phone);
    const bad = {
      ...{ identifier: "kmfddm.bad", "server-token": "old", active: false, valid: "invalid" },
      reasons: [{ code: "Error.UnableToParsePredicate" }],
    };
    await sendStatus(phone, { management: { declarations: { activations: [bad] } } });
    await alarmOf(phone);

    const values = await send("GET", `/v1/status-values/${phone.id}?prefix=.StatusItems.management.%25`);
    const errors = await send("GET", `/v1/status-errors/${phone.id}`);
    const report = await send("GET", `/v1/status-report/${phone.id}?index=0`);
    const again = await send(
      "GET",
      `/v1/status-report/${phone.id}?status_id=${report.headers.get("X-Status-Report-ID")}`,
    );

    expect(values.json[phone.id]).toContainEqual({
      path: ".StatusItems.management.client-capabilities.supported-versions",
      value: "1.0.0",
      timestamp: expect.any(String),
    });
    expect(errors.json[phone.id]).toContainEqual({
      path: ".StatusItems.management.declarations.activations",
      error: bad,
      timestamp: expect.any(String),
    });
    expect(report.headers.get("X-Status-Report-Index")).toBe("0");
    expect(Object.keys(report.json)).toContain("StatusItems");
    expect(again.text).toBe(report.text);
    expect((await send("GET", `/v1/status-report/${phone.id}?index=x`)).status).toBe(400);
    expect((await send("GET", `/v1/status-report/${phone.id}`)).status).toBe(400);
    expect((await send("GET", `/v1/status-report/${phone.id}?index=99`)).status).toBe(404);
    expect((await send("GET", `/v1/status-values/${Array.from({ length: 41 }, (_, at) => at)}`)).status).toBe(
      400,
    );
  });
});
