import { beforeAll, expect, onTestFinished, test } from "vitest";
import { appleRoots } from "../../src/apns/apple-root.ts";
import { askOver } from "../../src/apns/http1/ask.ts";
import { fromUtf8 } from "../../src/base/bytes.ts";
import { gdmfList } from "../support/gdmf-list.ts";
import { FakeGdmf, type FakeGdmfOptions } from "../support/node/fake-gdmf.ts";
import { socketStream } from "../support/node/socket-stream.ts";
import { type TestPki, testPki, testServer } from "../support/test-pki.ts";

// One question over real TLS of Node's, to the fake of Apple's list of systems.

let pki: TestPki;
beforeAll(async () => {
  pki = await testPki("RSA-2048", "P-256");
});

async function gdmf(options: Partial<FakeGdmfOptions> = {}): Promise<FakeGdmf> {
  const server = await FakeGdmf.start({ server: pki.server, ...options });
  onTestFinished(() => server.stop());
  return server;
}

const ask = async (server: FakeGdmf, roots = [pki.root.certificate]) =>
  askOver(await socketStream(server.port), {
    url: new URL(`https://localhost:${server.port}/v2/pmv?fresh=1`),
    accept: "application/json",
    roots,
    now: Date.now(),
  });

test.each([
  ["TLSv1.3", false],
  ["TLSv1.3", true],
  ["TLSv1.2", false],
  ["TLSv1.2", true],
] as const)(
  "the list is read over %s, whether it asks for our certificate or not (%s)",
  async (version, requestCert) => {
    const server = await gdmf({ version, requestCert });

    const answer = await ask(server);

    expect(answer.ok && JSON.parse(fromUtf8(answer.value.body))).toEqual(gdmfList());
    expect(server.requests).toMatchObject([{ url: "/v2/pmv?fresh=1", headers: { "user-agent": "edgemdm" } }]);
  },
);

test("an answer in chunks is read as well", async () => {
  const server = await gdmf();
  server.answer = (response) => {
    const text = JSON.stringify(gdmfList());
    response.writeHead(200);
    response.write(text.slice(0, 100));
    response.end(text.slice(100));
  };

  const answer = await ask(server);

  expect(answer.ok && JSON.parse(fromUtf8(answer.value.body))).toEqual(gdmfList());
});

test("nobody but the pinned root is believed", async () => {
  const server = await gdmf();

  expect(await ask(server, appleRoots())).toMatchObject({ ok: false, refusal: { reason: "not-trusted" } });
  expect(server.requests).toEqual([]);
});

test("a certificate for another name is not believed", async () => {
  const server = await gdmf({
    server: await testServer(pki.root, "P-256", { dnsNames: ["elsewhere.test"] }),
  });

  expect(await ask(server)).toMatchObject({ ok: false, refusal: { reason: "not-trusted" } });
});

test("an answer that is cut off is none; one with another status is one", async () => {
  const server = await gdmf();
  server.answer = (response) => {
    response.writeHead(200, { "Content-Length": 1_000 });
    response.write("{");
    setTimeout(() => response.socket?.destroy(), 50);
  };
  expect(await ask(server)).toMatchObject({ ok: false, refusal: { reason: "protocol" } });

  server.answer = (response) => void response.writeHead(503).end();
  expect(await ask(server)).toMatchObject({ ok: true, value: { status: 503 } });
});

test("Apple's own root is the one that is pinned", () => {
  expect(appleRoots().map(({ subjectText }) => subjectText)).toEqual([
    expect.stringContaining("Apple Root CA"),
  ]);
});
