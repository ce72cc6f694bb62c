import { exports } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { toHex } from "../../../src/base/bytes.ts";
import type { Certificate } from "../../../src/pki/certificate.ts";
import { ask, origin } from "../../support/admin.ts";
import {
  type Client,
  exchange,
  getAuthority,
  mintChallenge,
  newClient,
  transactionOf,
} from "../../support/scep-client.ts";

let authority: Certificate;
let client: Client;

beforeAll(async () => {
  const made = await ask("POST", "/api/v1/authorities", { json: {} });
  expect(made.status, made.text).toBe(201);
  [authority, client] = await Promise.all([getAuthority(), newClient()]);
});

const get = (query: string) => exports.default.fetch(`${origin}/scep?${query}`);

test("GetCACaps offers what iOS looks for, line by line, and no digest or cipher that is old", async () => {
  const answer = await get("operation=GetCACaps&message=edgemdm");

  expect(answer.headers.get("Content-Type")).toBe("text/plain");
  expect(await answer.text()).toBe("POSTPKIOperation\nSHA-256\nAES\nRenewal\nSCEPStandard\n");
});

test("GetCACert answers the issuing authority's certificate alone, with a bare content type", async () => {
  const answer = await get("operation=getcacert&message=");

  expect(answer.headers.get("Content-Type")).toBe("application/x-x509-ca-cert");
  expect(toHex(new Uint8Array(await answer.arrayBuffer()))).toBe(toHex(authority.der));
});

test("a one-time challenge gets the leaf and nothing else, signed by the certificate of GetCACert", async () => {
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
  expect(reply.certificates).toHaveLength(1);
  expect(toHex(reply.certificates[0]?.spki ?? new Uint8Array())).toBe(toHex(client.key.spki));
});
