import { describe, expect, test } from "vitest";
import { readMessage } from "../../src/mcp/read-message.ts";

const modern = "2026-07-28";
const meta = {
  "io.modelcontextprotocol/protocolVersion": modern,
  "io.modelcontextprotocol/clientCapabilities": {},
};

function read(body: object, headers: Record<string, string> = {}) {
  return readMessage(JSON.stringify(body), new Headers(headers));
}

/** A request as a modern client sends it, with something changed. */
function modernly(
  change: { params?: object; headers?: Record<string, string>; without?: string; method?: string } = {},
) {
  const { params = {}, headers = {}, without, method = "tools/list" } = change;
  const sent = new Headers({ "MCP-Protocol-Version": modern, "Mcp-Method": method, ...headers });
  if (without !== undefined) sent.delete(without);
  const body = { jsonrpc: "2.0", id: 7, method, params: { _meta: meta, ...params } };
  return readMessage(JSON.stringify(body), sent);
}

describe("the modern revision", () => {
  test("says in the body and in headers what is asked", () => {
    expect(modernly()).toMatchObject({
      ok: true,
      value: { kind: "call", call: { id: 7, method: "tools/list", revision: modern } },
    });
  });

  test.each([
    ["the header of the revision is missing", { without: "MCP-Protocol-Version" }, "header-mismatch"],
    ["the header says another one", { headers: { "MCP-Protocol-Version": "2025-11-25" } }, "header-mismatch"],
    ["Mcp-Method is missing", { without: "Mcp-Method" }, "header-mismatch"],
    ["Mcp-Method says something else", { headers: { "Mcp-Method": "tools/call" } }, "header-mismatch"],
    ["Mcp-Name is missing", { method: "tools/call", params: { name: "listDevices" } }, "header-mismatch"],
    [
      "Mcp-Name says another tool",
      { method: "tools/call", params: { name: "listDevices" }, headers: { "Mcp-Name": "readDevice" } },
      "header-mismatch",
    ],
    ["_meta is missing", { params: { _meta: undefined } }, "invalid-params"],
    [
      "_meta has no capabilities",
      { params: { _meta: { "io.modelcontextprotocol/protocolVersion": modern } } },
      "invalid-params",
    ],
  ])("is refused where %s", (_why, change, reason) => {
    expect(modernly(change)).toMatchObject({ ok: false, refusal: { reason, id: 7 } });
  });

  test("names a tool in base64 where a header cannot spell it", () => {
    const params = { name: "täglich" };
    const encoded = `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode("täglich")))}?=`;
    const named = (name: string) => modernly({ method: "tools/call", params, headers: { "Mcp-Name": name } });

    expect(named(encoded)).toMatchObject({ ok: true });
    expect(named("=?base64?%%%?=")).toMatchObject({ ok: false, refusal: { reason: "header-mismatch" } });
  });

  test("is told which revisions there are if it wants another", () => {
    const body = {
      jsonrpc: "2.0",
      id: "a",
      method: "tools/list",
      params: { _meta: { ...meta, "io.modelcontextprotocol/protocolVersion": "2027-01-01" } },
    };

    expect(read(body, { "MCP-Protocol-Version": "2027-01-01" })).toMatchObject({
      refusal: {
        reason: "unsupported-revision",
        id: "a",
        data: { requested: "2027-01-01", supported: expect.arrayContaining([modern, "2025-11-25"]) },
      },
    });
  });
});

describe("earlier revisions", () => {
  const body = { jsonrpc: "2.0", id: 0, method: "tools/list" };

  test("name themselves in the header alone, or not at all", () => {
    expect(read(body, { "MCP-Protocol-Version": "2025-11-25" })).toMatchObject({
      value: { call: { revision: "2025-11-25" } },
    });
    expect(read(body)).toMatchObject({ value: { call: { revision: "2025-03-26" } } });
    expect(read(body, { "MCP-Protocol-Version": "2024-11-05" })).toMatchObject({
      refusal: { reason: "unsupported-revision" },
    });
  });
});

test("a notification and an answer want none", () => {
  expect(read({ jsonrpc: "2.0", method: "notifications/initialized" })).toMatchObject({
    value: { kind: "notification" },
  });
  expect(read({ jsonrpc: "2.0", id: 3, result: {} })).toMatchObject({ value: { kind: "response" } });
});

test.each([
  ["no JSON", "{", "parse-error"],
  ["nothing", "", "parse-error"],
  ["a batch", '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', "invalid-request"],
  ["another protocol", '{"id":1,"method":"ping"}', "invalid-request"],
  ["no method", '{"jsonrpc":"2.0","id":1}', "invalid-request"],
  ["params that are a list", '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', "invalid-request"],
  ["an id that is an object", '{"jsonrpc":"2.0","id":{},"method":"ping"}', "invalid-request"],
  ["an id that is null", '{"jsonrpc":"2.0","id":null,"method":"ping"}', "invalid-request"],
])("%s is refused", (_what, text, reason) => {
  expect(readMessage(text, new Headers())).toMatchObject({ ok: false, refusal: { reason } });
});
