import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";

// The scripts alone, against a server that only counts: what pages hold is the business of test/backup.
type Asked = { method: string; url: string; token: string | undefined; body: string };
type Reply = { status: number; body: string };

let folder: string;
let server: Server;
let asked: Asked[];
let answer: (asked: Asked) => Reply;

const head = (page: number) => `{"edgemdm_backup":1,"backup":"b","page":${page}}\n`;
const firstPage = `${head(0)}{"device":{"id":"A"}}\n{"next_cursor":"more","lines":1}\n`;
const lastPage = `${head(1)}{"table":"settings","row":{}}\n{"next_cursor":null,"lines":1}\n`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "edgemdm-backup-"));
  asked = [];
  server = createServer(async (incoming, outgoing) => {
    const { method = "", url = "", headers } = incoming;
    const one = { method, url, token: headers.authorization, body: await text(incoming) };
    asked.push(one);
    const { status, body } = answer(one);
    outgoing.writeHead(status).end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function script(
  name: "backup" | "restore",
  ...args: string[]
): Promise<{ code: number | null; said: string }> {
  const path = resolve(import.meta.dirname, `../../scripts/${name}.ts`);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, [path, "--url", url, ...args], {
    env: { ...process.env, EDGEMDM_TOKEN: "let me in" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  return new Promise((done) => child.on("close", (code) => done({ code, said })));
}

const out = () => join(folder, "saved.ndjson");

test("a backup is all pages in one file that nobody else may read", async () => {
  answer = ({ url }) => ({ status: 200, body: url.endsWith("?cursor=more") ? lastPage : firstPage });

  const { code, said } = await script("backup", "--out", out());

  expect([code, said]).toEqual([0, expect.stringContaining("2 pages, 1 devices, 1 rows")]);
  expect(readFileSync(out(), "utf8")).toBe(firstPage + lastPage);
  expect(statSync(out()).mode & 0o777).toBe(0o600);
  expect(asked[0]?.token).toBe("Bearer let me in");
});

test("a backup that fails on the way leaves no file, and says what the server said", async () => {
  answer = ({ url }) =>
    url.includes("cursor")
      ? { status: 403, body: '{"detail":"the role is too low"}' }
      : { status: 200, body: firstPage };

  const { code, said } = await script("backup", "--out", out());

  expect([code, said]).toEqual([1, expect.stringContaining("the role is too low")]);
  expect(readdirSync(folder)).toEqual([]);
});

test("a page that passes by is asked for again", async () => {
  answer = () => (asked.length === 1 ? { status: 503, body: "" } : { status: 200, body: lastPage });

  expect((await script("backup", "--out", out())).code).toBe(0);
});

test("a device that did not answer makes the backup fail, and keeps the file", async () => {
  const page = `${head(0)}{"unread":"LOST","detail":"x"}\n{"next_cursor":null,"lines":1}\n`;
  answer = () => ({ status: 200, body: page });

  const { code, said } = await script("backup", "--out", out());

  expect([code, said]).toEqual([1, expect.stringContaining("LOST")]);
  expect(readFileSync(out(), "utf8")).toBe(page);
});

test("a restore sends page after page, forced once", async () => {
  writeFileSync(out(), firstPage + lastPage);
  answer = ({ body }) => ({
    status: 200,
    body: JSON.stringify({ devices: 1, kept: 0, unread: 0, rows: 2, done: body === lastPage }),
  });

  const { code, said } = await script("restore", "--in", out(), "--force");

  expect([code, said]).toEqual([0, expect.stringContaining("2 pages, 2 devices, 4 rows")]);
  expect(asked.map(({ body }) => body)).toEqual([firstPage, lastPage]);
  expect(asked.map(({ url }) => url)).toEqual([
    "/api/v1/backup/restore?force=true",
    "/api/v1/backup/restore",
  ]);
});

test("a restore that is refused stops there; one that is cut off says so", async () => {
  writeFileSync(out(), firstPage);
  answer = () => ({ status: 409, body: '{"detail":"this deployment is in use"}' });
  const refused = await script("restore", "--in", out());
  answer = () => ({ status: 200, body: '{"devices":1,"kept":0,"unread":0,"rows":0,"done":false}' });
  const cut = await script("restore", "--in", out());

  expect([refused.code, refused.said]).toEqual([1, expect.stringContaining("in use")]);
  expect([cut.code, cut.said]).toEqual([1, expect.stringContaining("ends early")]);
});

test("what is missing is said with the usage", async () => {
  const { code, said } = await script("restore");

  expect([code, said]).toEqual([
    1,
    expect.stringMatching(/--in must name a file\n\nnpm run restore -- \[options\][\s\S]*--in FILE/),
  ]);
});
