import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { builtWorker } from "../support/node/built-worker.ts";
import { FakeGdmf } from "../support/node/fake-gdmf.ts";
import { type TestPki, testPki } from "../support/test-pki.ts";

// The built Worker reads the list from a stand-in of Apple's service, over sockets and TLS of its own.

const adminToken = "an-admin-token-of-at-least-32-characters";
let pki: TestPki;
let gdmf: FakeGdmf;
let harness: ReturnType<typeof createTestHarness>;
let address: URL;

beforeAll(async () => {
  pki = await testPki("RSA-2048", "P-256");
  gdmf = await FakeGdmf.start({ server: pki.server });
  harness = createTestHarness({
    workers: [
      {
        ...(await builtWorker()),
        secrets: { MASTER_KEY: Buffer.alloc(32, 9).toString("base64"), ADMIN_TOKEN: adminToken },
        vars: {
          GDMF_URL: `https://localhost:${gdmf.port}/v2/pmv`,
          GDMF_ROOTS: pki.root.certificatePem,
        },
      },
    ],
  });
  address = (await harness.listen()).url;
  await harness.getWorker().applyD1Migrations("DB");
});
afterAll(async () => {
  await harness.close();
  await gdmf.stop();
});

async function ask(method: string, path: string) {
  const answer = await fetch(new URL(`/api/v1${path}`, address), {
    method,
    headers: { Authorization: `Bearer ${adminToken}` },
  });
  return (await answer.json()) as Record<string, unknown>;
}

async function readList(): Promise<Record<string, unknown>> {
  await ask("POST", "/jobs/apple-systems");
  for (;;) {
    const run = await ask("GET", "/jobs/apple-systems");
    const { state } = (run.run ?? run) as { state: string };
    if (state !== "running") return ask("GET", "/software-updates/apple-list");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test("the list is taken; where the service fails afterwards, what was taken stays", async () => {
  const first = await readList();
  gdmf.answer = (response) => void response.writeHead(503).end();
  const second = await readList();

  expect(first).toMatchObject({ stale: false, trouble: null, taken_at: expect.any(String) });
  expect(second).toMatchObject({
    stale: false,
    taken_at: first.taken_at,
    trouble: "localhost:PORT: it answered 503".replace("PORT", String(gdmf.port)),
  });
  const urls = gdmf.requests.map(({ url }) => url);
  expect(urls).toHaveLength(2);
  expect(urls[0], "a copy at an edge is not asked for").not.toBe(urls[1]);
});
