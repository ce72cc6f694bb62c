import { describe, expect, test, vi } from "vitest";
import { utf8 } from "../../../src/base/bytes.ts";
import { api } from "../../../src/http/api/app.ts";
import { operationsOf } from "../../../src/http/api/route/operations.ts";
import { variablesOfFile } from "../../../src/library/asset-variables.ts";
import { checkAssetData } from "../../../src/library/check-asset-data.ts";
import { adminToken, ask } from "../../support/admin.ts";
import { enrolledDevice } from "../../support/fleet.ts";

const long = "a".repeat(1_100);

describe("an id that no device and no batch can have", () => {
  const routes = operationsOf(api).filter(({ path }) => /\/(devices|batches)\/\{id\}/.test(path));

  test.each(routes.map(({ method, path }) => [`${method} ${path}`, method, path]))(
    "is refused by %s",
    async (_, method, path) => {
      for (const id of [long, "%00", "a%0Ab", "a%3Ab"]) {
        const url = path.replace("{id}", id).replace(/\{\w+\}/g, "x");

        const answer = await ask(method, url, ["GET", "DELETE"].includes(method) ? {} : { json: {} });

        expect([answer.status, answer.json.errors?.[0]], id.slice(0, 10)).toMatchObject([
          400,
          { pointer: "/id", in: "path" },
        ]);
      }
    },
  );

  test("is refused where a profile is shown as a device would get it", async () => {
    const answer = await ask("GET", `/api/v1/profiles/com.example/preview?device=${long}`);

    expect([answer.status, answer.json.errors[0].pointer]).toEqual([400, "/device"]);
  });

  test.each([
    "declaration-status/",
    "status-errors/",
    "status-values/x,",
    "status-report/",
    "enrollment-sets/",
  ])("is refused by KMFDDM's %s", async (path) => {
    const basic = { Authorization: `Basic ${btoa(`kmfddm:${adminToken}`)}` };

    const answer = await ask("GET", `/v1/${path}${long}?index=0`, { token: null, headers: basic });

    expect(answer.status).toBe(400);
  });

  test("is refused where files are downloaded", async () => {
    const device = await enrolledDevice();

    const answer = await device.line.download(`https://mdm.example.com/mdm/data/${long}/${"0".repeat(64)}`, {
      attempts: 1,
    });

    expect(answer.status).toBe(400);
  });

  test("is refused as the topic of a device, whose push gateway would bear it", async () => {
    const device = await enrolledDevice();
    const spoken = vi.spyOn(device.line, "checkIn");
    await device.tokenUpdate();
    const [body] = spoken.mock.calls[0] ?? [];
    const text = new TextDecoder().decode(body).replace(/(<key>Topic<\/key>\s*<string>)[^<]*/, `$1${long}`);

    expect((await device.line.checkIn(utf8(text))).status).toBe(400);
  });
});

describe("a name that every object has already", () => {
  const reserved = ["__proto__", "constructor", "prototype"];

  test.each(reserved)("%s as an attribute is refused, and not lost", async (name) => {
    const device = await enrolledDevice();
    const body = `{"attributes": {"room": "1", "${name}": "2"}}`;

    const answer = await ask("PATCH", `/api/v1/devices/${device.id}`, {
      body,
      headers: { "Content-Type": "application/json" },
    });

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toEqual([
      {
        pointer: `/attributes/${name}`,
        code: "reserved-name",
        detail: "is a name that cannot be used here",
      },
    ]);
    expect((await ask("GET", `/api/v1/devices/${device.id}`)).json.attributes).toEqual({});
  });

  test("is found in any spelling and at any depth", async () => {
    const device = await enrolledDevice();
    const body = `{"request_type": "Settings", "payload": {"Settings": [{"Item": "x", "a/b": {"\\u005f_proto__": 1}}]}}`;

    const answer = await ask("POST", `/api/v1/devices/${device.id}/commands`, {
      body,
      headers: { "Content-Type": "application/json" },
    });

    expect(answer.json.errors[0].pointer).toBe("/payload/Settings/0/a~1b/__proto__");
  });

  test("may stand in a text", async () => {
    const answer = await ask("POST", "/api/v1/tokens", {
      json: { name: 'for the constructor: "__proto__"', role: "viewer" },
    });

    expect(answer.status).toBe(201);
  });

  test.each(reserved)("%s is no parameter of a query", async (name) => {
    const answer = await ask("GET", `/api/v1/devices?${name}=1`);

    expect([answer.status, answer.json.errors?.[0]]).toMatchObject([
      400,
      { pointer: `/${name}`, code: "unknown", in: "query" },
    ]);
  });

  test("is refused in KMFDDM's API", async () => {
    const answer = await ask("PUT", "/v1/declarations", {
      token: null,
      headers: { Authorization: `Basic ${btoa(`kmfddm:${adminToken}`)}` },
      body: '{"Identifier":"a","Type":"com.apple.configuration.passcode.settings","Payload":{"__proto__":{}}}',
    });

    expect([answer.status, answer.json.error]).toEqual([
      400,
      "names that cannot be used: /Payload/__proto__",
    ]);
  });
});

describe("JSON that is nested without end", () => {
  const nested = (depth: number) =>
    `{"request_type": "X", "payload": {"a": ${"[".repeat(depth)}${"]".repeat(depth)}}}`;

  test.each([
    ["POST", "/api/v1/batches"],
    ["PUT", "/api/v1/declarations/a"],
    ["PATCH", "/api/v1/settings"],
    ["POST", "/api/v1/tokens"],
  ])("is refused by %s %s before it is parsed", async (method, path) => {
    const parse = vi.spyOn(JSON, "parse");

    const answer = await ask(method, path, {
      body: nested(400_000),
      headers: { "Content-Type": "application/json" },
    });

    expect(answer.status).toBe(400);
    expect(answer.json.detail).toBe("objects and arrays are nested more than 100 deep");
    expect(parse.mock.calls.filter(([text]) => String(text).includes("[[["))).toEqual([]);
    parse.mockRestore();
  });

  test("is refused in KMFDDM's API", async () => {
    const answer = await ask("PUT", "/v1/declarations", {
      token: null,
      headers: { Authorization: `Basic ${btoa(`kmfddm:${adminToken}`)}` },
      body: nested(400_000),
    });

    expect(answer.status).toBe(400);
  });

  test("is no document of an asset, nor looked through for variables", async () => {
    const bytes = utf8(nested(20_000));

    expect(variablesOfFile(bytes, "application/json")).toEqual([]);
    expect(
      await checkAssetData("com.apple.asset.credential.userpassword", bytes, "application/json"),
    ).toMatchObject([{ code: "data-unreadable" }]);
  });
});
