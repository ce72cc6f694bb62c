import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { builtWorker } from "../support/node/built-worker.ts";

// The protocol's own clients, of both eras, as programs for assistants use them.

const admin = "an-admin-token-of-at-least-32-characters";
const harness = createTestHarness({
  workers: [
    {
      ...(await builtWorker()),
      secrets: { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: admin },
    },
  ],
});
let address: URL;
let token: string;

beforeAll(async () => {
  address = new URL("/mcp", (await harness.listen()).url);
  await harness.getWorker().applyD1Migrations("DB");
  await api("PUT", "/sets/everyone", { description: "for all" });
  token = (await api("POST", "/tokens", { name: "assistant", role: "viewer" })).token ?? "";
});
afterAll(() => harness.close());

async function api(method: string, path: string, body: object): Promise<Record<string, string>> {
  const answer = await fetch(new URL(`/api/v1${path}`, address), {
    method,
    headers: { Authorization: `Bearer ${admin}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Record<string, string>;
}

/** What both clients can do. */
type Assistant = {
  connect: (transport: never) => Promise<void>;
  listTools: () => Promise<{ tools: { name: string }[] }>;
  callTool: (call: { name: string; arguments: Record<string, unknown> }) => Promise<Record<string, unknown>>;
  getServerVersion: () => { name: string } | undefined;
  close: () => Promise<void>;
};

const itself = { name: "test", version: "1.0.0" };

/** Which revision each request named. */
const spoken: (string | null)[] = [];

const transport = () => ({
  requestInit: { headers: { Authorization: `Bearer ${token}` } },
  fetch: (url: string | URL, init?: RequestInit) => {
    if (init?.method === "POST") spoken.push(new Headers(init.headers).get("MCP-Protocol-Version"));
    return fetch(url, init);
  },
});

async function modernClient(mode: "legacy" | "auto" | { pin: string }): Promise<Assistant> {
  const { Client, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
  const client = new Client(itself, { versionNegotiation: { mode } }) as unknown as Assistant;
  await client.connect(new StreamableHTTPClientTransport(address, transport()) as never);
  return client;
}

async function earlierClient(): Promise<Assistant> {
  const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
  const { StreamableHTTPClientTransport } = await import(
    "@modelcontextprotocol/sdk/client/streamableHttp.js"
  );
  const client = new Client(itself) as unknown as Assistant;
  await client.connect(new StreamableHTTPClientTransport(address, transport()) as never);
  return client;
}

const eras = [
  {
    who: "a client that tries the newest revision",
    speaks: "2026-07-28",
    connect: () => modernClient("auto"),
  },
  {
    who: "a client that takes no other",
    speaks: "2026-07-28",
    connect: () => modernClient({ pin: "2026-07-28" }),
  },
  { who: "a client with a handshake", speaks: "2025-11-25", connect: () => modernClient("legacy") },
  { who: "a client of the time before", speaks: "2025-11-25", connect: earlierClient },
];

describe.each(eras)("$who", ({ speaks, connect }) => {
  test("lists the tools and reads with one of them", async () => {
    const client = await connect();

    const { tools } = await client.listTools();
    const answer = await client.callTool({ name: "readSet", arguments: { name: "everyone" } });
    const refused = await client.callTool({ name: "readSet", arguments: { name: "nobody" } });
    const server = client.getServerVersion()?.name;
    await client.close();

    expect(spoken.at(-1)).toBe(speaks);
    expect(server).toBe("edgemdm");
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["listDevices", "listProblems"]));
    const [{ text }] = answer.content as [{ text: string }];
    expect(JSON.parse(text)).toMatchObject({ name: "everyone", description: "for all" });
    expect(refused.isError).toBe(true);
  });

  test("is told that it may not, with a token that was revoked", async () => {
    const known = token;
    token = "emdm_revoked";
    await expect(connect()).rejects.toThrow();
    token = known;
  });
});
