import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { Bytes } from "../../../src/base/bytes.ts";
import { forgetAuthorities } from "../../../src/enrollment/authority.ts";
import type { Certificate } from "../../../src/pki/certificate.ts";
import { contentInfo, readContentInfo } from "../../../src/pki/cms/content-info.ts";
import { buildSignedData } from "../../../src/pki/cms/sign.ts";
import { rawOf } from "../../../src/pki/der/fields.ts";
import { tags } from "../../../src/pki/der/tags.ts";
import { sequence, tlv } from "../../../src/pki/der/write.ts";
import { commonName } from "../../../src/pki/names.ts";
import { ask, origin } from "../../support/admin.ts";
import { attribute } from "../../support/apple-device/cms.ts";
import { octets, printableString } from "../../support/apple-device/der.ts";
import { oids } from "../../support/apple-device/oids.ts";
import { buildCsr } from "../../support/build-request.ts";
import { credential } from "../../support/pki.ts";
import {
  buildRequest,
  type Client,
  csrOf,
  envelopeOf,
  exchange,
  getAuthority,
  mintChallenge,
  newClient,
  pooledKey,
  post,
  replyOf,
  signRequest,
} from "../../support/scep-client.ts";

// Everything that is wrong with a message, and how little the answer tells of it.

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

describe("what is refused", () => {
  const send = async (message: Bytes) => replyOf(await post(message), client);
  const challenged = async () => ({ challenge: await mintChallenge() });

  test("what is no CMS, or CMS of another kind, is a 400", async () => {
    const envelope = await envelopeOf(authority, await csrOf(client));
    const bodies = [new Uint8Array(), new Uint8Array(500), Uint8Array.of(0x30, 0x80), envelope];

    const answers = await Promise.all(bodies.map((body) => post(body)));

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  });

  test("a message of more than 128 KiB is not read", async () => {
    expect((await post(new Uint8Array(128 * 1024 + 1).fill(0x30))).status).toBe(413);
  });

  test("a signature that does not hold is answered with what the message says of itself, and no more", async () => {
    const message = await buildRequest(authority, client, { ...(await challenged()), transactionID: "ECHO" });
    message[message.length - 1] = (message.at(-1) ?? 0) ^ 1;

    expect(await send(message)).toMatchObject({ ...failure("badMessageCheck"), transactionID: "ECHO" });
  });

  test("a changed attribute breaks the signature", async () => {
    const message = await buildRequest(authority, client, {
      ...(await challenged()),
      transactionID: "TRANSACTION",
    });
    const at = Buffer.from(message).lastIndexOf("TRANSACTION");
    message[at] = 0x55;

    expect(await send(message)).toMatchObject({
      ...failure("badMessageCheck"),
      transactionID: "URANSACTION",
    });
  });

  test("two signers", async () => {
    const message = withTwoSigners(await buildRequest(authority, client, await challenged()));

    expect(await send(message)).toMatchObject(failure("badMessageCheck"));
  });

  test("an unknown message type, and an answer in place of a request", async () => {
    for (const digits of ["3", "18", "99", ""]) {
      const message = await signedWith([
        attribute(oids.messageType, printableString(digits)),
        attribute(oids.transactionId, printableString("T")),
        attribute(oids.senderNonce, octets(new Uint8Array(16))),
      ]);

      expect(await send(message), digits).toMatchObject(failure("badMessageCheck"));
    }
  });

  test("no transaction id, no nonce, an endless nonce", async () => {
    const type = attribute(oids.messageType, printableString("19"));
    const id = attribute(oids.transactionId, printableString("T"));
    const nonce = (length: number) => attribute(oids.senderNonce, octets(new Uint8Array(length)));

    for (const attributes of [
      [type, nonce(16)],
      [type, id],
      [type, id, nonce(65)],
      [type, id, nonce(0)],
    ]) {
      expect(await send(await signedWith(attributes))).toMatchObject(failure("badMessageCheck"));
    }
  });

  test("a signer whose key cannot be encrypted to", async () => {
    const signer = credential("p256");
    const envelope = await envelopeOf(authority, await csrOf(client, await challenged()));

    expect(await send(await signRequest(signer, envelope, {}))).toMatchObject(failure("badAlg"));
  });

  test("keys that are too short, too long, or not RSA, are badRequest: the request itself was sound", async () => {
    const keys = [credential("weak"), credential("p256")].map(({ pkcs8, certificate: { spki } }) => ({
      pkcs8,
      spki,
    }));

    for (const key of keys) {
      const challenge = await mintChallenge();
      const content = await buildCsr({ subject: commonName("weak"), ...key, challengePassword: challenge });

      expect(await exchange(authority, client, { content })).toMatchObject(failure("badRequest"));
      expect(await exchange(authority, client, { challenge }), "the challenge is not spent").toMatchObject({
        pkiStatus: "0",
      });
    }
  });

  test("a request signed by another key than it is about is told from nothing else", async () => {
    const { spki } = pooledKey();
    const subject = commonName("thief");
    const content = await buildCsr({ subject, spki, pkcs8: client.key.pkcs8, ...(await challenged()) });

    expect(await exchange(authority, client, { content })).toMatchObject(failure("badMessageCheck"));
  });

  test("a subject that is not DER does not get into a certificate", async () => {
    const padded = Uint8Array.from([0x30, 0x81, 0x00]);

    const reply = await exchange(authority, client, { ...(await challenged()), subject: padded });

    expect(reply).toMatchObject(failure("badRequest"));
  });

  test("a deployment without an authority says so, and that it may change", async () => {
    await env.DB.prepare("UPDATE authorities SET issuing = 0").run();
    forgetAuthorities();

    const answers = [await get("operation=GetCACert"), await post(await buildRequest(authority, client))];
    await env.DB.prepare("UPDATE authorities SET issuing = 1").run();
    forgetAuthorities();

    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  });

  const signedWith = async (attributes: readonly Bytes[]) =>
    buildSignedData({
      signer: client.signer,
      content: await envelopeOf(authority, Uint8Array.of(0x30, 0)),
      attributes,
    });

  function withTwoSigners(message: Bytes): Bytes {
    const { content } = readContentInfo(message);
    const parts = content.children.map(rawOf);
    const [signer] = content.children.at(-1)?.children ?? [];
    if (!signer) throw new Error("no signer");
    const twice = tlv(tags.set, rawOf(signer), rawOf(signer));
    return contentInfo(oids.signedData, sequence(...parts.slice(0, -1), twice));
  }
});

describe("mutated requests", () => {
  test("five hundred of them, fixed seed: never a fault, never a certificate more", {
    timeout: 60_000,
  }, async () => {
    const message = await buildRequest(authority, client, { challenge: await mintChallenge() });
    const count = async () =>
      (await env.DB.prepare("SELECT count(*) AS n FROM certificates").first<{ n: number }>())?.n;
    const before = (await count()) ?? 0;
    const random = sequenceOf(20261121);
    const statuses = new Set<number>();

    for (let round = 0; round < 500; round++) {
      const mutated = message.slice(0, round % 10 === 0 ? random(message.length) : message.length);
      for (let edits = 1 + random(3); edits > 0; edits--) mutated[random(mutated.length || 1)] = random(256);
      statuses.add((await post(mutated)).status);
    }

    expect(
      [...statuses].every((status) => status === 200 || status === 400),
      [...statuses].join(),
    ).toBe(true);
    expect((await count()) ?? 0).toBeLessThanOrEqual(before + 1);
  });

  function sequenceOf(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }
});
