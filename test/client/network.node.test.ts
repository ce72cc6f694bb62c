import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { Client } from "../../client/src/index.ts";
import { builtWorker } from "../support/node/built-worker.ts";

// The client and a real server, with a network between them that loses answers.

const token = "an-admin-token-of-at-least-32-characters";
const harness = createTestHarness({
  workers: [
    {
      ...(await builtWorker()),
      secrets: { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: token },
    },
  ],
});

/** What the network does to a request: it lets it through, loses its answer or half of it, or answers itself. */
type Mood = "through" | "lost" | "half" | { status: number; headers?: Record<string, string> };

let server: Server;
let worker: URL;
let origin: string;
let moods: Mood[] = [];
let seen: { line: string; key: string | undefined }[] = [];

beforeAll(async () => {
  worker = (await harness.listen()).url;
  await harness.getWorker().applyD1Migrations("DB");
  server = createServer((request, response) => void pass(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await harness.close();
});

async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  seen.push({
    line: `${request.method} ${request.url}`,
    key: request.headers["idempotency-key"] as string | undefined,
  });
  const mood = moods.shift() ?? "through";
  if (typeof mood === "object") {
    response.writeHead(mood.status, mood.headers).end("somebody else answers");
    return;
  }
  const body = await buffer(request);
  const { host: _, connection: __, "transfer-encoding": ___, ...headers } = request.headers;
  const answer = await fetch(new URL(request.url ?? "", worker), {
    method: request.method ?? "GET",
    headers: { ...(headers as Record<string, string>), "accept-encoding": "identity" },
    redirect: "manual",
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  if (mood === "lost") request.socket.destroy();
  else if (mood === "half") {
    response.writeHead(answer.status, { "Content-Type": "application/json", "Content-Length": 1_000 });
    response.write("{", () => request.socket.destroy());
  } else response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}

function through(...next: Mood[]): Client {
  moods = next;
  seen = [];
  return new Client({ origin, token });
}

const invitations = async (): Promise<number> =>
  (await new Client({ origin: worker.origin, token }).get("/enrollment/invitations")).items.length;

test("a POST whose answer is lost is sent again with its key, and is done once", async () => {
  const before = await invitations();

  const made = await through("lost", "lost").post("/enrollment/invitations", { body: { note: "once" } });

  expect(seen.map(({ line }) => line)).toEqual(Array(3).fill("POST /api/v1/enrollment/invitations"));
  expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
  expect(made.note).toBe("once");
  expect(await invitations()).toBe(before + 1);
});

test("a POST that the API would do twice is sent once", async () => {
  const lost = through("lost").post("/jobs/{kind}", { path: { kind: "problems" } });

  await expect(lost).rejects.toMatchObject({ name: "UnreachableError" });
  expect(seen).toEqual([{ line: "POST /api/v1/jobs/problems", key: undefined }]);
});

test("a server that is busy for a moment is asked again", async () => {
  const session = await through(
    { status: 503 },
    { status: 502 },
    { status: 429, headers: { "Retry-After": "0" } },
  ).get("/session");

  expect(session.role).toBe("admin");
  expect(seen).toHaveLength(4);
});

describe("it gives up", () => {
  test("where an answer ends in its middle", async () => {
    await expect(through("half").get("/session")).rejects.toMatchObject({ name: "UnreachableError" });
  });

  test("after four times, and says who answered", async () => {
    const asked = through(...Array<Mood>(9).fill({ status: 502 })).get("/session");

    await expect(asked).rejects.toMatchObject({
      name: "StrangeAnswerError",
      message: `${origin} answers 502, and not as edgemdm does: is it the right address?`,
    });
    expect(seen).toHaveLength(4);
  });

  test("at once where it should come back in a minute", async () => {
    const asked = through({ status: 429, headers: { "Retry-After": "60" } }).get("/session");

    await expect(asked).rejects.toMatchObject({ status: 429 });
    expect(seen).toHaveLength(1);
  });

  test("at once where it is told to, also between two tries", async () => {
    const stop = new AbortController();
    const asked = through({ status: 503, headers: { "Retry-After": "9" } }).get("/session", {
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(new Error("enough")), 200);

    await expect(asked).rejects.toThrow("enough");
    expect(seen).toHaveLength(1);
  });

  test("with the token kept, where another address is named", async () => {
    const asked = through({ status: 302, headers: { Location: "https://elsewhere.example.com/" } }).get(
      "/session",
    );

    await expect(asked).rejects.toMatchObject({ name: "StrangeAnswerError", status: 302 });
    expect(seen).toHaveLength(1);
  });
});
