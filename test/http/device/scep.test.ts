import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { toBase64, toHex } from "../../../src/base/bytes.ts";
import { verifyIssued } from "../../../src/enrollment/verify-issued.ts";
import type { Certificate } from "../../../src/pki/certificate.ts";
import { sequence } from "../../../src/pki/der/write.ts";
import { commonName } from "../../../src/pki/names.ts";
import { toPem } from "../../../src/pki/pem.ts";
import { ask, origin } from "../../support/admin.ts";
import { certificateRequest, readCertificate } from "../../support/apple-device/certificate.ts";
import { attribute, envelop, signedData } from "../../support/apple-device/cms.ts";
import { octets, printableString } from "../../support/apple-device/der.ts";
import { type Key, pooledKey as pooledAppleKey } from "../../support/apple-device/keys.ts";
import { type Cipher, type Digest, oids } from "../../support/apple-device/oids.ts";
import { realRandom } from "../../support/apple-device/random.ts";
import { enrolIdentity } from "../../support/apple-device/scep.ts";
import { certificateOf, forgeCertificate, toIndefinite } from "../../support/pki.ts";
import {
  buildRequest,
  type Client,
  enrol,
  exchange,
  getAuthority,
  mintChallenge,
  newClient,
  pooledKey,
  post,
  replyOf,
  transactionOf,
  whereOldCiphersAreRead,
} from "../../support/scep-client.ts";

let authority: Certificate;
let client: Client;

beforeAll(async () => {
  const made = await ask("POST", "/api/v1/authorities", { json: {} });
  expect(made.status, made.text).toBe(201);
  [authority, client] = await Promise.all([getAuthority(), newClient()]);
});

const get = (query: string) => exports.default.fetch(`${origin}/scep?${query}`);
const failInfos = { badAlg: "0", badMessageCheck: "1", badRequest: "2", badCertId: "4" } as const;
const failure = (name: keyof typeof failInfos) => ({
  pkiStatus: "2",
  failInfo: failInfos[name],
  messageType: "3",
  hasContent: false,
});

describe("what can be read without a message", () => {
  test("GetCACaps offers what iOS looks for, line by line, and nothing old", async () => {
    const answer = await get("operation=GetCACaps&message=edgemdm");

    expect(answer.headers.get("Content-Type")).toBe("text/plain");
    expect(await answer.text()).toBe("POSTPKIOperation\nSHA-256\nAES\nRenewal\nSCEPStandard\n");
  });

  test("GetCACert answers the issuing authority's certificate alone, with a bare content type", async () => {
    const answer = await get("operation=getcacert&message=");

    expect(answer.headers.get("Content-Type")).toBe("application/x-x509-ca-cert");
    expect(toHex(new Uint8Array(await answer.arrayBuffer()))).toBe(toHex(authority.der));
  });

  test("the authority is made as Apple devices demand it", () => {
    expect([...(authority.keyUsage ?? [])].sort()).toEqual([
      "cRLSign",
      "digitalSignature",
      "keyCertSign",
      "keyEncipherment",
    ]);
    expect(authority).toMatchObject({ isCa: true, pathLength: 0 });
    expect(authority.subjectText).toMatch(/^CN=Device Identities [0-9a-f]{8},O=edgemdm$/);
    const years = (authority.notAfter - authority.notBefore) / (365.25 * 86_400_000);
    expect(Math.round(years)).toBe(20);
  });

  test.each(["operation=GetNextCACert", "operation=", "", "message=AAAA"])("?%s is a 400", async (query) => {
    expect((await get(query)).status).toBe(400);
  });

  test("PKIOperation without a message, or with one that is not base64, is a 400", async () => {
    expect((await get("operation=PKIOperation")).status).toBe(400);
    expect((await get("operation=PKIOperation&message=%%%")).status).toBe(400);
    expect((await get("operation=PKIOperation&message=***")).status).toBe(400);
  });
});

describe("a certificate for a one-time challenge", () => {
  test("is the leaf and nothing else, signed by the certificate of GetCACert", async () => {
    const challenge = await mintChallenge({ serial: "C02ABC" });
    const senderNonce = crypto.getRandomValues(new Uint8Array(16));

    const reply = await exchange(authority, client, { challenge, senderNonce });

    expect(reply).toMatchObject({
      messageType: "3",
      pkiStatus: "0",
      transactionID: await transactionOf(client.key),
      recipientNonce: toHex(senderNonce),
    });
    expect(toHex(reply.signer.der)).toBe(toHex(authority.der));
    expect(reply.certificates.map(({ spki }) => toHex(spki))).toEqual([toHex(client.key.spki)]);
  });

  test("has the profile that MDM identities need", async () => {
    const { identity } = await enrol();

    const leaf = identity.certificate;
    expect(leaf).toMatchObject({ version: 3, isCa: false, subjectText: "CN=device" });
    expect([...(leaf.keyUsage ?? [])]).toEqual(["digitalSignature", "keyEncipherment"]);
    expect(leaf.extendedKeyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    expect(leaf.extensions.get("2.5.29.15")?.critical).toBe(true);
    expect(leaf.extensions.get("2.5.29.35")?.critical).toBe(false);
    expect(toHex(leaf.authorityKeyId ?? new Uint8Array())).toBe(
      toHex(authority.subjectKeyId ?? new Uint8Array()),
    );
    expect(leaf.serial.length).toBeGreaterThanOrEqual(16);
    expect(Date.now() - leaf.notBefore).toBeGreaterThan(9 * 60_000);
    expect(Math.round((leaf.notAfter - Date.now()) / 86_400_000)).toBe(397);
  });

  test("remembers in its record whom the challenge was minted for", async () => {
    const { identity } = await enrol({
      serial: "C02XYZ",
      udid: "00008110-0001",
      account: "anna@example.com",
    });

    const vouched = await verifyIssued(env, identity.certificate, Date.now());

    expect(vouched).toMatchObject({
      ok: true,
      value: {
        issuedFor: { serial: "C02XYZ", udid: "00008110-0001", account: "anna@example.com" },
        purpose: "enrollment",
        renewalOf: undefined,
        claimedBy: undefined,
      },
    });
  });

  test("comes a second time to the same key, and is the same one", async () => {
    const challenge = await mintChallenge();

    const [first, second] = [
      await exchange(authority, client, { challenge }),
      await exchange(authority, client, { challenge }),
    ];

    expect(toHex(second.certificates[0]?.der ?? new Uint8Array())).toBe(
      toHex(first.certificates[0]?.der ?? new Uint8Array(1)),
    );
  });

  test("two hundred requests at once get exactly one certificate", { timeout: 60_000 }, async () => {
    const challenge = await mintChallenge({ serial: "C02RACE" });
    const message = await buildRequest(authority, client, { challenge });

    const replies = await Promise.all(
      Array.from({ length: 200 }, async () => replyOf(await post(message), client)),
    );

    expect(new Set(replies.map(({ pkiStatus }) => pkiStatus))).toEqual(new Set(["0"]));
    const leaves = new Set(
      replies.map(({ certificates }) => toHex(certificates[0]?.der ?? new Uint8Array())),
    );
    expect(leaves.size).toBe(1);
    const rows = await env.DB.prepare(
      "SELECT count(*) AS n FROM certificates WHERE issued_for LIKE '%C02RACE%'",
    ).first();
    expect(rows).toEqual({ n: 1 });
  });

  test("of two keys that race for one challenge only one is served", async () => {
    const challenge = await mintChallenge();
    const clients = await Promise.all([newClient(), newClient(), newClient()]);

    const replies = await Promise.all(clients.map((one) => exchange(authority, one, { challenge })));

    expect(replies.map(({ pkiStatus }) => pkiStatus).sort()).toEqual(["0", "2", "2"]);
  });

  test("a request without a subject is named after what is known of the device", async () => {
    const { identity } = await enrol({ serial: "C02NAME" }, undefined, sequence());

    expect(identity.certificate.subjectText).toBe("CN=C02NAME");
  });
});

describe("a challenge that is no good", () => {
  test("wrong, expired and used up by another key: one and the same answer", async () => {
    const [other, used, expired] = [await newClient(), await mintChallenge(), await mintChallenge()];
    await exchange(authority, other, { challenge: used });
    await env.DB.prepare("UPDATE challenges SET expires_at = ? WHERE consumed_by IS NULL")
      .bind(Date.now())
      .run();

    const replies = await Promise.all(
      ["nonsense", "x".repeat(300), used, expired].map((challenge) =>
        exchange(authority, client, { challenge, senderNonce: new Uint8Array(16) }),
      ),
    );

    const [first] = replies;
    expect(first).toMatchObject(failure("badRequest"));
    for (const reply of replies) expect(reply).toEqual(first);
  });

  test("none at all, signed by nobody we know", async () => {
    expect(await exchange(authority, client)).toMatchObject(failure("badRequest"));
  });

  test("the same key cannot take it up again after a day", async () => {
    const challenge = await mintChallenge();
    await exchange(authority, client, { challenge });
    await env.DB.prepare("UPDATE challenges SET consumed_at = consumed_at - 86400000").run();

    expect(await exchange(authority, client, { challenge })).toMatchObject(failure("badRequest"));
  });

  test("a static one counts only where a setting says so", async () => {
    const challenge = "a static secret of sixteen or more";
    expect(await exchange(authority, client, { challenge })).toMatchObject(failure("badRequest"));

    await ask("PATCH", "/api/v1/settings", { json: { static_challenge: challenge } });
    const [first, second] = [
      await exchange(authority, client, { challenge }),
      await exchange(authority, await newClient(), { challenge }),
    ];
    await ask("PATCH", "/api/v1/settings", { json: { static_challenge: null } });

    expect([first.pkiStatus, second.pkiStatus]).toEqual(["0", "0"]);
    expect(await exchange(authority, client, { challenge })).toMatchObject(failure("badRequest"));
  });
});

describe("how clients spell their requests", () => {
  const escapings: [string, (base64: string) => string][] = [
    ["escaped whole", encodeURIComponent],
    ["with + and / as iOS leaves them", (text) => text.replaceAll("=", "%3D")],
    ["with plus signs turned into spaces", (text) => encodeURIComponent(text.replaceAll("+", " "))],
    ["in lines of 64", (text) => encodeURIComponent(text.replace(/.{64}/g, "$&\n"))],
    ["in lines with carriage returns", (text) => encodeURIComponent(text.replace(/.{64}/g, "$&\r\n"))],
    [
      "in the URL-safe alphabet without padding",
      (text) => text.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"),
    ],
    ["in base64 twice, as macOS has been seen to", (text) => encodeURIComponent(btoa(text))],
  ];

  test.each(escapings)("GET %s", async (_, spell) => {
    const message = await buildRequest(authority, client, { challenge: await mintChallenge() });

    const reply = await replyOf(
      await get(`operation=PKIOperation&message=${spell(toBase64(message))}`),
      client,
    );

    expect(reply.pkiStatus).toBe("0");
  });

  test.each(["application/x-pki-message", "application/octet-stream", ""])(
    "POST with content type %j",
    async (type) => {
      const message = await buildRequest(authority, client, { challenge: await mintChallenge() });

      const answer = await post(message, type);

      expect(answer.headers.get("Content-Type")).toBe("application/x-pki-message");
      expect((await replyOf(answer, client)).pkiStatus).toBe("0");
    },
  );

  test("POST counts when the query repeats something else", async () => {
    const message = await buildRequest(authority, client, { challenge: await mintChallenge() });

    const answer = await exports.default.fetch(`${origin}/scep?operation=pkioperation&message=AAAA`, {
      method: "POST",
      body: message,
    });

    expect((await replyOf(answer, client)).pkiStatus).toBe("0");
  });

  test.each([1, 2, 3])("BER of indefinite length, %i levels deep", async (levels) => {
    const message = await buildRequest(authority, client, { challenge: await mintChallenge() });

    const reply = await replyOf(await post(toIndefinite(message, levels)), client);

    expect(reply.pkiStatus).toBe("0");
  });

  test.each(["AES-128-CBC", "AES-192-CBC", "AES-256-CBC"] as const)("%s", async (cipher) => {
    const reply = await exchange(authority, client, { challenge: await mintChallenge(), cipher });

    expect(reply.pkiStatus).toBe("0");
  });

  test.each(["SHA-256", "SHA-384", "SHA-512"] as const)("%s", async (digest) => {
    const reply = await exchange(authority, client, { challenge: await mintChallenge(), digest });

    expect(reply.pkiStatus).toBe("0");
  });

  test("a signer with another key than the request, and a certificate of version 1", async () => {
    const key = pooledKey();
    const name = commonName("SCEP SIGNER");
    const certificate = await forgeCertificate({
      issuer: { name, pkcs8: key.pkcs8 },
      subject: name,
      spki: key.spki,
    });
    const signed: Client = { key: client.key, signer: { certificate, pkcs8: key.pkcs8 } };

    const reply = await exchange(authority, signed, { challenge: await mintChallenge() });

    expect(certificate.version).toBe(1);
    expect(toHex(reply.certificates[0]?.spki ?? new Uint8Array())).toBe(toHex(client.key.spki));
  });

  test("nonces of 8 bytes and transaction ids of base64 come back as they went", async () => {
    const asking = { senderNonce: crypto.getRandomValues(new Uint8Array(8)), transactionID: "Ab+/c=" };

    const reply = await exchange(authority, client, { challenge: await mintChallenge(), ...asking });

    expect(reply).toMatchObject({ transactionID: "Ab+/c=", recipientNonce: toHex(asking.senderNonce) });
  });
});

describe("Apple's clients, written without our code", () => {
  const surroundings = (dialect: "ios" | "macos") => ({
    transport: (request: Request) => exports.default.fetch(request),
    now: () => Date.now(),
    random: realRandom,
    newKey: pooledAppleKey,
    pause: async () => {},
    dialect,
    payloadIdentifier: "com.example.mdm",
  });

  test.each(["ios", "macos"] as const)(
    "%s gets an identity, and another for its next profile",
    async (dialect) => {
      const obtain = async (known: object) =>
        enrolIdentity(
          {
            url: `${origin}/scep`,
            subject: [[["O", "Example"]]],
            challenge: await mintChallenge(known),
            keyUsage: 5,
            caFingerprint: new Uint8Array(await crypto.subtle.digest("SHA-1", authority.der)),
          },
          surroundings(dialect),
        );

      const first = await obtain({ udid: "APPLE" });
      const second = await obtain({ device_id: "APPLE" });

      const names = [first, second].map(({ certificate }) => certificateOf(certificate));
      expect(names.map(({ subjectText }) => subjectText)).toEqual(
        Array(2).fill("CN=com.example.mdm,O=Example"),
      );
      expect(await verifyIssued(env, names[1] ?? authority, Date.now())).toMatchObject({
        value: { purpose: "renewal", renewalOf: { deviceId: "APPLE" } },
      });
    },
  );

  test("iOS shows its 22013 for a challenge of nobody", async () => {
    const refused = enrolIdentity({ url: `${origin}/scep`, challenge: "nonsense" }, surroundings("ios"));

    await expect(refused).rejects.toMatchObject({ code: 22013, failInfo: "2" });
  });
});

describe("clients of the old kind, as another program writes them", () => {
  const old = async (input: {
    cipher?: Cipher;
    digest?: Digest;
    encoding?: "der" | "ber";
    version?: 0 | 2;
    send?: (request: Request) => Promise<Response>;
  }) => {
    const key: Key = { type: "rsa", pem: toPem("PRIVATE KEY", client.key.pkcs8), spki: client.key.spki };
    const { cipher = "AES-128", digest = "SHA-256", encoding = "der", version = 0 } = input;
    const csr = certificateRequest({
      key,
      version,
      digest,
      subject: [[["CN", "old"]]],
      challenge: await mintChallenge(),
      keyUsage: 5,
      names: {},
    });
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const content = envelop({
      content: csr,
      recipient: readCertificate(authority.der),
      cipher,
      encoding,
      random,
    });
    const message = signedData({
      content,
      detached: false,
      signer: { key, certificate: client.signer.certificate.der },
      style: { digest, attributes: true, encoding, algorithm: "combined" },
      now: Date.now(),
      attributes: [
        attribute(oids.messageType, printableString("19")),
        attribute(oids.transactionId, printableString("OLD")),
        attribute(oids.senderNonce, octets(random(16))),
      ],
    });
    return replyOf(await post(message, undefined, input.send), client);
  };

  test("a Mac's request: version 2, BER in segments, SHA-1", async () => {
    expect(await old({ digest: "SHA-1", encoding: "ber", version: 2 })).toMatchObject({ pkiStatus: "0" });
  });

  test.each(["3DES", "DES"] as const)("%s is refused by name", async (cipher) => {
    expect(await old({ cipher })).toMatchObject(failure("badAlg"));
  });

  test.each(["3DES", "DES"] as const)(
    "%s is read where SCEP_LEGACY_CIPHERS allows it, and answered in AES",
    async (cipher) => {
      const reply = await old({ cipher, send: whereOldCiphersAreRead });
      const offered = await whereOldCiphersAreRead(new Request(`${origin}/scep?operation=GetCACaps`));

      expect(reply.pkiStatus).toBe("0");
      expect(await offered.text()).toContain("SHA-1\nDES3\n");
    },
  );
});
