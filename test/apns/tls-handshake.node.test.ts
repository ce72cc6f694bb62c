import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { ByteStream } from "../../src/apns/byte-stream.ts";
import { TlsFailure } from "../../src/apns/tls/failure.ts";
import { startTls } from "../../src/apns/tls/handshake.ts";
import { handshakeSigner } from "../../src/apns/tls/signature-schemes.ts";
import { altered, cutAfter, flipped, inPieces } from "../support/node/altered-stream.ts";
import { FakeApns, type FakeApnsOptions } from "../support/node/fake-apns.ts";
import { socketStream } from "../support/node/socket-stream.ts";
import {
  type KeyKind,
  type TestIdentity,
  testClient,
  testIdentity,
  testServer,
} from "../support/test-pki.ts";

// Our TLS client against the TLS of Node, which is OpenSSL's, over real sockets.

let root: TestIdentity;
const servers = new Map<KeyKind, TestIdentity>();
const clients = new Map<KeyKind, TestIdentity>();

beforeAll(async () => {
  root = await testIdentity({ commonName: "Test Root", isCa: true, key: "RSA-2048" });
  for (const key of ["RSA-2048", "P-256", "P-384"] as const) {
    servers.set(key, await testServer(root, key));
    clients.set(key, await testClient(root, key));
  }
});

const serverOf = (key: KeyKind) => servers.get(key) as TestIdentity;
const clientOf = (key: KeyKind) => clients.get(key) as TestIdentity;

type Client = { serverName?: string; client?: TestIdentity; roots?: TestIdentity[]; now?: number };

function shakeHands(stream: ByteStream, options: Client = {}) {
  const client = options.client ?? clientOf("P-256");
  return startTls(stream, {
    serverName: options.serverName ?? "api.push.apple.test",
    protocol: "h2",
    roots: (options.roots ?? [root]).map(({ certificate }) => certificate),
    now: options.now ?? Date.now(),
    client: { certificates: [client.certificate.der], signer: handshakeSigner(client.keys.pkcs8) },
  });
}

async function serve(options: Partial<FakeApnsOptions> = {}): Promise<FakeApns> {
  const apns = await FakeApns.start({ server: serverOf("P-256"), clientRoot: root, ...options });
  onTestFinished(() => apns.stop());
  return apns;
}

const failureOf = async (attempt: Promise<unknown>): Promise<TlsFailure> => {
  const failure = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(failure, "the handshake should have failed").toBeInstanceOf(TlsFailure);
  return failure as TlsFailure;
};

const strangersClient = async () =>
  testClient(await testIdentity({ commonName: "Stranger", isCa: true }), "P-256");

describe("a handshake succeeds", () => {
  const versions = ["TLSv1.3", "TLSv1.2"] as const;
  const keys = ["RSA-2048", "P-256", "P-384"] as const;
  const cases = versions.flatMap((version) =>
    keys.flatMap((server) => keys.map((client) => ({ version, server, client }))),
  );

  test.each(cases)("over $version, server $server, client $client", async ({ version, server, client }) => {
    const apns = await serve({ version, server: serverOf(server) });

    const tls = await shakeHands(await socketStream(apns.port), { client: clientOf(client) });
    const first = await tls.read();
    await tls.close();

    expect(first?.subarray(3, 5), "a SETTINGS frame").toEqual(Uint8Array.of(4, 0));
    expect(tls.suite.version).toBe(version === "TLSv1.3" ? 0x0304 : 0x0303);
  });

  test.each([
    ["TLSv1.3", "TLS_AES_128_GCM_SHA256", "P-256"],
    ["TLSv1.3", "TLS_AES_256_GCM_SHA384", "P-256"],
    ["TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", "RSA-2048"],
    ["TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384", "RSA-2048"],
    ["TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256", "P-256"],
    ["TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384", "P-256"],
  ] as const)("over %s with %s", async (version, ciphers, key) => {
    const apns = await serve({ version, ciphers, server: serverOf(key) });

    const tls = await shakeHands(await socketStream(apns.port), { client: clientOf("RSA-2048") });

    expect(await tls.read()).toBeDefined();
    expect(
      tls.suite.name
        .replaceAll(/^TLS_(?=ECDHE)|WITH_/g, "")
        .replaceAll("_", "-")
        .replace("AES-", "AES"),
    ).toBe(ciphers.startsWith("TLS") ? ciphers.replaceAll("_", "-").replace("AES-", "AES") : ciphers);
    await tls.close();
  });

  test.each([
    ["TLSv1.3", "X25519"],
    ["TLSv1.3", "P-256"],
    ["TLSv1.3", "P-384"],
    ["TLSv1.2", "X25519"],
    ["TLSv1.2", "P-256"],
    ["TLSv1.2", "P-384"],
  ] as const)("over %s with a server that only knows %s", async (version, ecdhCurve) => {
    const apns = await serve({ version, ecdhCurve, server: serverOf("RSA-2048") });

    const tls = await shakeHands(await socketStream(apns.port), { client: clientOf("RSA-2048") });

    expect(await tls.read()).toBeDefined();
    await tls.close();
  });

  test.each(["TLSv1.3", "TLSv1.2"] as const)("over %s, however the network cuts it", async (version) => {
    const apns = await serve({ version });
    for (const size of [1, 2, 3, 5, 7, 100, 1000]) {
      const tls = await shakeHands(inPieces(await socketStream(apns.port), size));
      expect(await tls.read()).toBeDefined();
      await tls.close();
    }
  });

  test.each([
    ["rsa_pkcs1_sha256", "RSA+SHA256"],
    ["rsa_pkcs1_sha512", "RSA+SHA512"],
    ["rsa_pss_rsae_sha384", "rsa_pss_rsae_sha384"],
  ])("over TLS 1.2 with a server that signs and takes only %s", async (_name, sigalgs) => {
    const apns = await serve({ version: "TLSv1.2", sigalgs, server: serverOf("RSA-2048") });

    const tls = await shakeHands(await socketStream(apns.port), { client: clientOf("RSA-2048") });

    expect(await tls.read()).toBeDefined();
    await tls.close();
  });

  test("through intermediates, and past certificates that lead nowhere", async () => {
    const middle = await testIdentity({ commonName: "Middle", isCa: true, pathLength: 0, issuer: root });
    const stranger = await testIdentity({ commonName: "Stranger", isCa: true });
    const apns = await serve({
      server: await testServer(middle, "P-256"),
      intermediates: [stranger, middle],
    });

    const tls = await shakeHands(await socketStream(apns.port));

    expect(await tls.read()).toBeDefined();
    await tls.close();
  });

  test("for a name under a wildcard", async () => {
    const apns = await serve({
      server: await testServer(root, "P-256", { dnsNames: ["*.push.apple.test"] }),
    });

    const tls = await shakeHands(await socketStream(apns.port));

    expect(await tls.read()).toBeDefined();
    await tls.close();
  });
});

describe("a server is refused", () => {
  const day = 86_400_000;
  const other = () => testIdentity({ commonName: "Test Root", isCa: true });

  test.each<[string, () => Promise<Partial<FakeApnsOptions>>, string, RegExp]>([
    [
      "whose certificate is for another name",
      async () => ({ server: await testServer(root, "P-256", { dnsNames: ["other.test", "*.apple.test"] }) }),
      "server-name-mismatch",
      /is for other.test, \*.apple.test, not for api.push.apple.test/,
    ],
    [
      "whose certificate names nobody but in its common name",
      async () => ({
        server: await testIdentity({ commonName: "api.push.apple.test", issuer: root }),
      }),
      "server-name-mismatch",
      /is for nobody/,
    ],
    [
      "whose wildcard stands for too much",
      async () => ({ server: await testServer(root, "P-256", { dnsNames: ["*.test", "*"] }) }),
      "server-name-mismatch",
      /not for api/,
    ],
    [
      "whose root we do not know, though it has the same name",
      async () => ({ server: await testServer(await other(), "P-256") }),
      "server-certificate-untrusted",
      /bad-chain-signature at CN=push server/,
    ],
    [
      "that vouches for itself",
      async () => ({
        server: await testIdentity({ commonName: "me", dnsNames: ["api.push.apple.test"] }),
      }),
      "server-certificate-untrusted",
      /unknown-issuer at CN=me/,
    ],
    [
      "whose certificate has expired",
      async () => ({
        server: await testServer(root, "P-256", {
          notBefore: Date.now() - 9 * day,
          notAfter: Date.now() - day,
        }),
      }),
      "server-certificate-expired",
      /valid from/,
    ],
    [
      "whose certificate is not valid yet",
      async () => ({ server: await testServer(root, "P-256", { notBefore: Date.now() + day }) }),
      "server-certificate-expired",
      /valid from/,
    ],
    [
      "whose certificate is for clients",
      async () => ({ server: await testServer(root, "P-256", { purposes: ["1.3.6.1.5.5.7.3.2"] }) }),
      "server-certificate-untrusted",
      /not for servers/,
    ],
    [
      "whose certificate has a critical extension that nobody knows",
      async () => ({ server: await testServer(root, "P-256", { criticalExtension: "1.2.3.4" }) }),
      "server-certificate-untrusted",
      /unknown-critical-extension.*1\.2\.3\.4/,
    ],
    [
      "whose intermediate is no authority",
      async () => {
        const middle = await testIdentity({ commonName: "Middle", issuer: root });
        return { server: await testServer(middle, "P-256"), intermediates: [middle] };
      },
      "server-certificate-untrusted",
      /not-an-authority at CN=Middle/,
    ],
    [
      "whose intermediate may not have another below it",
      async () => {
        const upper = await testIdentity({ commonName: "Upper", isCa: true, pathLength: 0, issuer: root });
        const lower = await testIdentity({ commonName: "Lower", isCa: true, issuer: upper });
        return { server: await testServer(lower, "P-256"), intermediates: [lower, upper] };
      },
      "server-certificate-untrusted",
      /path-too-long at CN=Upper/,
    ],
    [
      "whose intermediate has expired",
      async () => {
        const middle = await testIdentity({
          commonName: "Middle",
          isCa: true,
          issuer: root,
          notBefore: Date.now() - 9 * day,
          notAfter: Date.now() - day,
        });
        return { server: await testServer(middle, "P-256"), intermediates: [middle] };
      },
      "server-certificate-expired",
      /valid from/,
    ],
    [
      "whose intermediate is for mail only",
      async () => {
        const purposes = ["1.3.6.1.5.5.7.3.4"];
        const middle = await testIdentity({ commonName: "Middle", isCa: true, purposes, issuer: root });
        return { server: await testServer(middle, "P-256"), intermediates: [middle] };
      },
      "server-certificate-untrusted",
      /CN=Middle is not for servers/,
    ],
    [
      "that asks for no client certificate (TLS 1.3)",
      async () => ({ requestCert: false, version: "TLSv1.3" as const }),
      "client-certificate-not-requested",
      /asks for no client certificate/,
    ],
    [
      "that asks for no client certificate (TLS 1.2)",
      async () => ({ requestCert: false, version: "TLSv1.2" as const }),
      "client-certificate-not-requested",
      /asks for no client certificate/,
    ],
    [
      "that only knows another group",
      async () => ({ ecdhCurve: "P-521", version: "TLSv1.3" as const }),
      "alert",
      /handshake_failure/,
    ],
    [
      "that knows none of our groups (TLS 1.2)",
      async () => ({ ecdhCurve: "P-521", version: "TLSv1.2" as const }),
      "alert",
      /handshake_failure/,
    ],
    [
      "that knows none of our suites",
      async () => ({ ciphers: "ECDHE-ECDSA-AES128-SHA256", version: "TLSv1.2" as const }),
      "alert",
      /handshake_failure/,
    ],
  ])("%s", async (_title, arrange, reason, sentence) => {
    const apns = await serve(await arrange());

    const failure = await failureOf(shakeHands(await socketStream(apns.port)));

    expect(failure.message).toMatch(sentence);
    expect(failure.reason).toBe(reason);
  });

  test.each(["TLSv1.3", "TLSv1.2"] as const)("that does not speak HTTP/2 (%s)", async (version) => {
    const { certificatePem: cert, keyPem: key } = serverOf("P-256");
    const ca = root.certificatePem;
    const server = createTlsServer({
      cert,
      key,
      ca,
      requestCert: true,
      minVersion: version,
      maxVersion: version,
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());

    const port = (server.address() as { port: number }).port;
    const failure = await failureOf(shakeHands(await socketStream(port)));

    expect(failure.reason).toBe("no-application-protocol");
  });

  test("that does not speak TLS at all", async () => {
    const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());

    const port = (server.address() as { port: number }).port;
    const failure = await failureOf(shakeHands(await socketStream(port)));

    expect(failure.message).toBe("a record of type 72: the other side does not speak TLS");
  });
});

describe("the client's certificate is refused", () => {
  test("when its key is not the certificate's, the server ends the handshake", async () => {
    const apns = await serve();
    const client = { ...clientOf("P-256"), keys: clientOf("P-384").keys };

    const failure = await failureOf(
      shakeHands(await socketStream(apns.port), { client }).then((tls) => tls.read()),
    );

    expect(failure.reason).toBe("alert");
  });

  test("when the server takes no signature of its kind", async () => {
    const apns = await serve({ version: "TLSv1.2", server: serverOf("RSA-2048"), sigalgs: "RSA+SHA256" });

    const failure = await failureOf(shakeHands(await socketStream(apns.port)));

    expect(failure.reason).toBe("client-key-not-accepted");
    expect(failure.message).toBe("the server takes no ec keys");
  });
});

describe.each(["TLSv1.3", "TLSv1.2"] as const)("an altered conversation (%s)", (version) => {
  let apns: FakeApns;
  let flight: Buffer;

  beforeAll(async () => {
    // RSA signatures are all of one length, so that each attempt has its records in the same places.
    apns = await FakeApns.start({ server: serverOf("RSA-2048"), clientRoot: root, version });
    const chunks: Uint8Array[] = [];
    const stream = altered(await socketStream(apns.port), (chunk) => {
      chunks.push(chunk);
      return chunk;
    });
    const tls = await shakeHands(stream);
    flight = Buffer.concat(chunks);
    if (version === "TLSv1.2") flight = flight.subarray(0, endOfFinished());
    await tls.close();
  });

  function recordStarts(): number[] {
    const starts: number[] = [];
    for (let at = 0; at + 5 <= flight.length; at += 5 + flight.readUInt16BE(at + 3)) starts.push(at);
    return starts;
  }

  /** HTTP/2 may have begun in the same breath. */
  function endOfFinished(): number {
    const data = recordStarts().find((at) => flight[at] === 23);
    return data ?? flight.length;
  }

  /** Where the version's last byte stands in each record: it says nothing, and unprotected nobody minds it. */
  const idlePositions = (): number[] => recordStarts().map((at) => at + 2);

  afterAll(() => apns.stop());

  test("any flipped byte ends it, with a name", async () => {
    const survivors: number[] = [];
    for (let position = 0; position < flight.length; position += 23) {
      const stream = altered(await socketStream(apns.port), flipped(position));
      // A length that grew makes us wait for bytes that never come; a real connection ends then.
      const timer = setTimeout(() => void stream.close(), 300);
      await shakeHands(stream)
        .then(async (tls) => {
          survivors.push(position);
          await tls.close();
        })
        .catch((failure: unknown) => expect(failure).toBeInstanceOf(TlsFailure));
      clearTimeout(timer);
    }

    expect(survivors.filter((position) => !idlePositions().includes(position))).toEqual([]);
  });

  test("it may be cut off at any byte", async () => {
    for (let kept = 1; kept < flight.length; kept += 61) {
      const failure = await failureOf(shakeHands(cutAfter(await socketStream(apns.port), kept)));
      expect(failure.reason).toBe("cut-off");
    }
  });
});

describe("openssl s_server", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "push-tls-"));
    writeFileSync(join(folder, "server.pem"), serverOf("P-256").certificatePem + serverOf("P-256").keyPem);
    writeFileSync(join(folder, "root.pem"), root.certificatePem);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  async function openssl(...more: string[]) {
    const files = ["-cert", join(folder, "server.pem"), "-CAfile", join(folder, "root.pem")];
    const arguments_ = ["s_server", "-accept", "127.0.0.1:0", "-Verify", "2", ...files, ...more];
    const child = spawn("openssl", arguments_, { stdio: ["pipe", "pipe", "pipe"] });
    onTestFinished(() => void child.kill());
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const heard = async (words: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const match = words.exec(said);
        if (match) return match;
        await once(child.stdout, "data");
      }
    };
    const port = Number((await heard(/ACCEPT 127\.0\.0\.1:(\d+)/))[1]);
    return { port, heard, type: (text: string) => child.stdin.write(text) };
  }

  test.each(["-tls1_3", "-tls1_2"])("%s: shakes hands and talks both ways", async (version) => {
    const server = await openssl("-alpn", "h2", version);

    const tls = await shakeHands(await socketStream(server.port));
    await tls.write(new TextEncoder().encode("hello openssl\n"));
    await server.heard(/hello openssl/);
    server.type("hello client\n");

    expect(new TextDecoder().decode(await tls.read())).toBe("hello client\n");
    await tls.close();
  });

  test("changes its keys, and asks for ours", async () => {
    const server = await openssl("-alpn", "h2", "-tls1_3");
    const arrivals = new EventEmitter();
    const stream = altered(await socketStream(server.port), (chunk) => {
      arrivals.emit("chunk");
      return chunk;
    });

    const tls = await shakeHands(stream);
    const reading = tls.read();
    await server.heard(/CIPHER is/);
    for (const command of ["k\n", "K\n"]) {
      const arrival = once(arrivals, "chunk");
      server.type(command);
      await arrival;
    }
    server.type("under new keys\n");
    expect(new TextDecoder().decode(await reading)).toBe("under new keys\n");
    await tls.write(new TextEncoder().encode("ours are new too\n"));

    await server.heard(/ours are new too/);
    await tls.close();
  });

  test.each<[string, string, () => Promise<TestIdentity>, RegExp]>([
    ["from a stranger", "-tls1_3", strangersClient, /unknown_ca/],
    ["from a stranger", "-tls1_2", strangersClient, /unknown_ca/],
    [
      "expired",
      "-tls1_3",
      () => testClient(root, "P-256", { notBefore: 0, notAfter: 86_400_000 }),
      /certificate_expired/,
    ],
    [
      "expired",
      "-tls1_2",
      () => testClient(root, "P-256", { notBefore: 0, notAfter: 86_400_000 }),
      /certificate_expired/,
    ],
  ])("says why it takes no certificate %s, over %s", async (_title, version, arrange, alert) => {
    const server = await openssl("-alpn", "h2", version, "-verify_return_error");
    const stream = await socketStream(server.port);
    const client = await arrange();

    // Over TLS 1.3 the server looks at it only after our side of the handshake is done.
    const failure = await failureOf(shakeHands(stream, { client }).then((tls) => tls.read()));

    expect(failure.message).toMatch(alert);
    expect(failure.reason).toBe("client-certificate-refused");
  });

  test("wants to renegotiate and is refused", async () => {
    const server = await openssl("-alpn", "h2", "-tls1_2");

    const tls = await shakeHands(await socketStream(server.port));
    const reading = tls.read();
    await server.heard(/CIPHER is/);
    server.type("R\n");

    const failure = await failureOf(reading);
    expect(failure.reason).toBe("renegotiation");
    expect(failure.message).toBe("the server wants another handshake (helloRequest)");
  });

  test.each(["-tls1_1", "-tls1"])("%s: is refused", async (version) => {
    const server = await openssl("-alpn", "h2", version, "-cipher", "ALL:@SECLEVEL=0");

    const failure = await failureOf(shakeHands(await socketStream(server.port)));

    expect(["unsupported-version", "alert"]).toContain(failure.reason);
  });
});
