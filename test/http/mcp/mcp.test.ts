import { exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { version } from "../../../package.json";
import { adminToken, ask, origin, tokenFor } from "../../support/admin.ts";
import { eventually } from "../../support/eventually.ts";
import { enrolledDevice } from "../../support/fleet.ts";

// The door for assistants, message by message. What the protocol's own clients make of it is in test/clients.

const modern = "2026-07-28";

type Sending = { token?: string | null; headers?: Record<string, string>; query?: string };
// biome-ignore lint/suspicious/noExplicitAny: what a test looks into is what the test says it is
type Received = { status: number; headers: Headers; json: any };

async function send(
  body: unknown,
  { token = adminToken, headers = {}, query = "" }: Sending = {},
): Promise<Received> {
  const answer = await exports.default.fetch(`${origin}/mcp${query}`, {
    method: "POST",
    headers: {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, json: text === "" ? undefined : JSON.parse(text) };
}

function speak(method: string, params: Record<string, unknown> = {}, sending: Sending = {}) {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": modern,
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const headers = {
    "MCP-Protocol-Version": modern,
    "Mcp-Method": method,
    ...(typeof params.name === "string" && { "Mcp-Name": params.name }),
    ...sending.headers,
  };
  return send({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }, { ...sending, headers });
}

const speakEarlier = (method: string, params: object = {}, sending: Sending = {}) =>
  send(
    { jsonrpc: "2.0", id: 1, method, params },
    {
      ...sending,
      headers: { "MCP-Protocol-Version": "2025-11-25", ...sending.headers },
    },
  );

const call = (name: string, given: object = {}, sending?: Sending) =>
  speak("tools/call", { name, arguments: given }, sending);
const read = async (name: string, given: object = {}, sending?: Sending) =>
  JSON.parse((await call(name, given, sending)).json.result.content[0].text);

test("it says what it is, to clients of both eras", async () => {
  const discovered = await speak("server/discover");
  const greeted = await speakEarlier("initialize", { protocolVersion: "2025-06-18", capabilities: {} });
  const newer = await speakEarlier("initialize", { protocolVersion: modern, capabilities: {} });

  expect(discovered.json.result).toMatchObject({
    resultType: "complete",
    supportedVersions: expect.arrayContaining([modern, "2025-11-25"]),
    capabilities: { tools: {} },
    cacheScope: "private",
    ttlMs: expect.any(Number),
    _meta: { "io.modelcontextprotocol/serverInfo": { name: "edgemdm", version } },
  });
  expect(greeted.json.result).toMatchObject({
    protocolVersion: "2025-06-18",
    serverInfo: { name: "edgemdm" },
  });
  expect(newer.json.result.protocolVersion).toBe("2025-11-25");
  expect(greeted.headers.get("Mcp-Session-Id")).toBeNull();
  expect((await send({ jsonrpc: "2.0", method: "notifications/initialized" })).status).toBe(202);
  expect((await speakEarlier("ping")).json.result).toEqual({});
});

describe("the tools", () => {
  test("are what a viewer may read, the same each time, and none changes or reveals anything", async () => {
    const first = await speak("tools/list");
    const second = await speak("tools/list", {}, { token: await tokenFor("viewer") });
    const { paths } = (await ask("GET", "/api/openapi.json")).json;
    const readable = Object.values<Record<string, { operationId: string; "x-role"?: string }>>(paths)
      .flatMap(({ get }) => (get?.["x-role"] === "viewer" ? [get.operationId] : []))
      .sort();

    const { tools } = first.json.result;
    expect(second.json.result.tools).toEqual(tools);
    expect(tools.map(({ name }: { name: string }) => name)).toEqual(readable);
    for (const secret of [
      "readDeviceEscrow",
      "readBackup",
      "listTokens",
      "listAudit",
      "createEnrollmentProfile",
    ])
      expect(readable).not.toContain(secret);
    for (const tool of tools) {
      expect(tool).toMatchObject({
        name: expect.stringMatching(/^[A-Za-z0-9_.-]{1,128}$/),
        description: expect.stringMatching(/\S/),
        inputSchema: { type: "object", additionalProperties: false },
        annotations: { readOnlyHint: true },
      });
      expect(JSON.stringify(tool)).not.toContain("$ref");
    }
  });

  test("are only those of some groups, where the address names them", async () => {
    const some = await speak("tools/list", {}, { query: "?groups=sets,problems" });
    const none = await speak("tools/list", {}, { query: "?groups=sets,nonsense" });

    const names = some.json.result.tools.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(["listProblems", "listSets", "readSet"]));
    expect(names).not.toContain("listDevices");
    expect([none.status, none.json.detail]).toEqual([400, expect.stringContaining('no group "nonsense"')]);
  });

  test("answer what the API answers, with short pages", async () => {
    const { id } = await enrolledDevice();
    for (let number = 10; number < 40; number++) await ask("PUT", `/api/v1/sets/set-${number}`, { json: {} });

    const sets = await read("listSets");
    const next = await read("listSets", { cursor: sets.next_cursor });

    expect(sets.items).toHaveLength(25);
    expect(next.items).toHaveLength(5);
    expect(await read("readDevice", { id })).toEqual((await ask("GET", `/api/v1/devices/${id}`)).json);
    await eventually(async () =>
      expect((await read("listDevices", { limit: 1, state: "enrolled" })).items).toMatchObject([{ id }]),
    );
  });

  test("tell what was wrong, so that an assistant can ask again", async () => {
    const refused = async (name: string, given: object) => (await call(name, given)).json.result;

    expect(await refused("readSet", { name: "none" })).toMatchObject({
      isError: true,
      content: [{ type: "text", text: expect.stringContaining("none") }],
    });
    expect((await refused("listDevices", { platform: "linux" })).content[0].text).toContain("/platform");
    expect((await refused("listDevices", { colour: "red" })).content[0].text).toContain(
      "has no argument colour",
    );
    expect((await refused("readDevice", {})).content[0].text).toBe("readDevice needs id");
    expect((await refused("listSets", { limit: 1_000 })).content[0].text).toBe("limit is at most 100");
    expect((await refused("readSet", { name: "..", x: 1 })).isError).toBe(true);
    expect((await refused("readSet", { name: { a: 1 } })).isError).toBe(true);
  });

  test("lead to no other address than their own", async () => {
    for (const name of ["..", ".", ""])
      expect((await call("readSet", { name })).json.result.isError).toBe(true);

    const odd = await call("readSet", { name: "../tokens" });

    expect(odd.json.result).toMatchObject({ isError: true });
    expect(odd.json.result.content[0].text).not.toContain("items");
  });

  test("have an answer that is never too long: a list gives fewer items", async () => {
    const description = "a long description ".repeat(100);
    for (let number = 10; number < 60; number++)
      await ask("PUT", `/api/v1/sets/set-${number}`, { json: { description: description.slice(0, 1_000) } });

    const answer = await call("listSets", { limit: 100 });

    const { text } = answer.json.result.content[0];
    expect(text.length).toBeLessThanOrEqual(60_000);
    const { items, next_cursor } = JSON.parse(text);
    expect(items.length).toBeGreaterThan(10);
    const rest = await read("listSets", { cursor: next_cursor, limit: 10 });
    expect(rest.items[0].name > items.at(-1).name).toBe(true);
  });
});

test("an administrator's token reads no more than a viewer's", async () => {
  const payload = {
    PayloadType: "Configuration",
    PayloadVersion: 1,
    PayloadIdentifier: "com.example.wifi",
    PayloadUUID: "C2F4CE43-6B0A-4D0C-9AF0-6C4F10B7A8D5",
    PayloadContent: [
      {
        PayloadType: "com.apple.wifi.managed",
        PayloadVersion: 1,
        PayloadIdentifier: "com.example.wifi.office",
        PayloadUUID: "5A4B5D9E-7D0F-4A52-9B4D-0D2A1F5C6E11",
        SSID_STR: "office",
        EncryptionType: "WPA2",
        Password: "a very secret password",
      },
    ],
  };
  const saved = await ask("PUT", "/api/v1/profiles/com.example.wifi", { json: payload });
  expect(saved.status, saved.text).toBeLessThan(300);

  const byAdmin = await call("readProfile", { identifier: "com.example.wifi" });

  expect(byAdmin.json.result.isError).toBe(false);
  expect(byAdmin.json.result.content[0].text).not.toContain("a very secret password");
  expect((await read("readSession")).role).toBe("viewer");
});

describe("who may not", () => {
  test("is told so: without a token, with a wrong one, from a page of another site", async () => {
    const nobody = await speak("tools/list", {}, { token: null });
    const stranger = await speak("tools/list", {}, { token: "emdm_wrong" });
    const page = (from: string) => speak("tools/list", {}, { headers: { Origin: from } });

    expect([nobody.status, nobody.headers.get("WWW-Authenticate")]).toEqual([401, 'Bearer realm="edgemdm"']);
    expect(stranger.headers.get("WWW-Authenticate")).toContain('error="invalid_token"');
    expect(stranger.status).toBe(401);
    expect((await page("https://evil.example.com")).status).toBe(403);
    expect((await page("null")).status).toBe(403);
    expect((await page(origin)).status).toBe(200);
  });
});

describe("what is no request of the protocol", () => {
  test("has the answer that the protocol wants", async () => {
    const get = await ask("GET", "/mcp");
    const gone = await ask("DELETE", "/mcp");
    const unknown = await speak("resources/list");
    const unknownEarlier = await speakEarlier("resources/list");
    const handshake = await speak("initialize");
    const noTool = await call("eraseEverything");
    const mismatch = await speak("tools/list", {}, { headers: { "Mcp-Method": "ping" } });

    expect([get.status, gone.status, get.headers.get("Allow")]).toEqual([405, 405, "POST"]);
    expect([unknown.status, unknown.json.error.code, unknown.json.id]).toEqual([404, -32601, 1]);
    expect([unknownEarlier.status, unknownEarlier.json.error.code]).toEqual([200, -32601]);
    expect([handshake.status, handshake.json.error.code]).toEqual([404, -32601]);
    expect(noTool.json.error).toEqual({ code: -32602, message: "there is no tool eraseEverything" });
    expect([mismatch.status, mismatch.json.error.code]).toEqual([400, -32020]);
    expect((await send("{")).json).toMatchObject({ id: null, error: { code: -32700 } });
    expect((await send([])).json).toMatchObject({ id: null, error: { code: -32600 } });
  });

  test("is read to no more than 64 KiB", async () => {
    const { status } = await send({ jsonrpc: "2.0", id: 1, method: "x".repeat(10_000_000) });

    expect(status).toBe(413);
  });
});
