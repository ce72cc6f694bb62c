import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";

// The protocol's own clients, of both eras, as programs for assistants use them.

const admin = "an-admin-token-of-at-least-32-characters";
const harness = createTestHarness({
  workers: [
    {
      configPath: "./wrangler.toml",
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
  getNegotiatedProtocolVersion?: () => string | undefined;
  close: () => Promise<void>;
};

const itself = { name: "test", version: "1.0.0" };
const headers = (): RequestInit => ({ headers: { Authorization: `Bearer ${token}` } });

const eras: readonly { era: string; connect: () => Promise<Assistant> }[] = [
  {
    era: "2026-07-28",
    async connect() {
      const { Client, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
      const client = new Client(itself) as unknown as Assistant;
      await client.connect(new StreamableHTTPClientTransport(address, { requestInit: headers() }) as never);
      return client;
    },
  },
  {
    era: "2025-11-25",
    async connect() {
      const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
      const { StreamableHTTPClientTransport } = await import(
        "@modelcontextprotocol/sdk/client/streamableHttp.js"
      );
      const client = new Client(itself) as unknown as Assistant;
      await client.connect(new StreamableHTTPClientTransport(address, { requestInit: headers() }) as never);
      return client;
    },
  },
];

describe.each(eras)("the client of $era", ({ connect }) => {
  test("lists the tools and reads with one of them", async () => {
    const client = await connect();

    const { tools } = await client.listTools();
    const answer = await client.callTool({ name: "readSet", arguments: { name: "everyone" } });
    const refused = await client.callTool({ name: "readSet", arguments: { name: "nobody" } });
    await client.close();

    expect(client.getServerVersion()?.name).toBe("edgemdm");
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
