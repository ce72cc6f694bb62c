import { describe, expect, test } from "vitest";
import { attempt, failureOf, identities } from "../support/acme.ts";
import { type Spoil, type Step, steps } from "../support/apple-device/acme.ts";

describe("a request is refused with a fresh nonce, and changes nothing", () => {
  const posts = steps.filter((step) => step !== "directory" && step !== "newNonce");
  const flip = (bytes: Uint8Array): Uint8Array => {
    const copy = new Uint8Array(bytes);
    copy[40] = (copy[40] ?? 0) ^ 1;
    return copy;
  };
  const spoils: [string, Spoil, string, number][] = [
    ["whose signature was changed", { signature: flip }, "unauthorized", 403],
    ["whose signature is cut off", { signature: (bytes) => bytes.slice(0, 60) }, "unauthorized", 403],
    [
      "whose payload was changed",
      { jws: (jws) => ({ ...jws, payload: Buffer.from('{"a":1}').toString("base64url") }) },
      "unauthorized",
      403,
    ],
    ["with the nonce of nobody", { header: (header) => ({ ...header, nonce: "AAAA" }) }, "badNonce", 400],
    ["without a nonce", { header: ({ nonce: _, ...header }) => header }, "badNonce", 400],
    [
      "for another address",
      { header: (header) => ({ ...header, url: `${header.url}/x` }) },
      "unauthorized",
      403,
    ],
    [
      "for another host",
      { header: (header) => ({ ...header, url: String(header.url).replace("mdm.", "other.") }) },
      "unauthorized",
      403,
    ],
    ["with alg none", { header: (header) => ({ ...header, alg: "none" }) }, "badSignatureAlgorithm", 400],
    ["with alg HS256", { header: (header) => ({ ...header, alg: "HS256" }) }, "badSignatureAlgorithm", 400],
    [
      "with the alg of another key",
      { header: (header) => ({ ...header, alg: "ES384" }) },
      "badSignatureAlgorithm",
      400,
    ],
    [
      "with a critical header",
      { header: (header) => ({ ...header, crit: ["b64"], b64: false }) },
      "malformed",
      400,
    ],
    ["with an unprotected header", { jws: (jws) => ({ ...jws, header: { kid: "x" } }) }, "malformed", 400],
    ["that is no JSON", { jws: () => "x" }, "malformed", 400],
    ["that is padded", { jws: (jws) => ({ ...jws, protected: `${jws.protected}==` }) }, "malformed", 400],
    ["of another type", { contentType: "application/json" }, "malformed", 415],
    ["that is too large", { jws: (jws) => ({ ...jws, payload: "A".repeat(70_000) }) }, "malformed", 413],
  ];

  test.each(spoils)("%s", async (_, spoil, problem, status) => {
    const before = (await identities()) ?? 0;
    for (const step of posts) {
      const failure = await failureOf(attempt({ spoil: { [step]: spoil } }));
      expect([step, failure.step, failure.problem, failure.status]).toEqual([step, step, problem, status]);
      expect(failure.detail).not.toBe("");
    }
    // The last two steps come after the identity was issued.
    expect(await identities()).toBe(before + 2);
  });

  test.each<[string, Step, Spoil, string]>([
    [
      "by jwk where an account must ask",
      "newOrder",
      { header: ({ kid: _, ...rest }) => ({ ...rest, jwk: {} }) },
      "badPublicKey",
    ],
    ["by nobody", "newOrder", { header: ({ kid: _, ...rest }) => rest }, "malformed"],
    [
      "by an account that is none",
      "newOrder",
      { header: (header) => ({ ...header, kid: `${header.kid}x` }) },
      "accountDoesNotExist",
    ],
    [
      "by both",
      "newAccount",
      { header: (header) => ({ ...header, kid: "https://mdm.example.com/acme/account/x" }) },
      "malformed",
    ],
    [
      "with a private key",
      "newAccount",
      { header: (header) => ({ ...header, jwk: { ...(header.jwk as object), d: "AA" } }) },
      "badPublicKey",
    ],
    ["for an order of nothing", "newOrder", { payload: () => Buffer.from("{}") }, "malformed"],
    [
      "for an order of two",
      "newOrder",
      { payload: (payload) => Buffer.from(payload.toString().replace(/\[(.*)\]/, "[$1,$1]")) },
      "malformed",
    ],
    [
      "for a name in DNS",
      "newOrder",
      { payload: (payload) => Buffer.from(payload.toString().replace("permanent-identifier", "dns")) },
      "unsupportedIdentifier",
    ],
    [
      "for an identifier that was never minted",
      "newOrder",
      { payload: () => Buffer.from('{"identifiers":[{"type":"permanent-identifier","value":"guess"}]}') },
      "rejectedIdentifier",
    ],
    [
      "with CBOR that is none",
      "challenge",
      { payload: () => Buffer.from('{"attObj":"_____w"}') },
      "badAttestationStatement",
    ],
    [
      "with an attestation of another format",
      "challenge",
      { payload: () => Buffer.from('{"attObj":"omNmbXRjdHBtZ2F0dFN0bXSg"}') },
      "badAttestationStatement",
    ],
    [
      "with an attestation that is no text",
      "challenge",
      { payload: () => Buffer.from('{"attObj":1}') },
      "malformed",
    ],
    ["without a request", "finalize", { payload: () => Buffer.from("{}") }, "malformed"],
    ["with a request that is none", "finalize", { payload: () => Buffer.from('{"csr":"AAAA"}') }, "badCSR"],
  ])("%s", async (_, step, spoil, problem) => {
    const before = await identities();

    const failure = await failureOf(attempt({ spoil: { [step]: spoil } }));

    expect(failure).toMatchObject({ step, problem });
    expect(await identities()).toBe(before);
  });

  test("whose request for a certificate was changed in any place", async () => {
    const before = await identities();
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      const payload = (bytes: Uint8Array): Uint8Array => {
        const { csr } = JSON.parse(Buffer.from(bytes).toString()) as { csr: string };
        const der = new Uint8Array(Buffer.from(csr, "base64url"));
        const at = Math.floor(der.length * share);
        der[at] = (der[at] ?? 0) ^ 1;
        return Buffer.from(JSON.stringify({ csr: Buffer.from(der).toString("base64url") }));
      };
      const failure = await failureOf(attempt({ spoil: { finalize: { payload } } }));
      expect([share, failure.problem]).toEqual([share, "badCSR"]);
    }
    expect(await identities()).toBe(before);
  });

  test("that is repeated", async () => {
    const { client, orderUrl } = await attempt({});
    const { nonce } = client;
    await client.post("order", orderUrl, undefined);
    const fresh = client.nonce;
    client.nonce = nonce;

    const failure = await failureOf(client.post("order", orderUrl, undefined));

    expect(failure).toMatchObject({ problem: "badNonce", status: 400 });
    expect(client.nonce).not.toBe(fresh);
    await client.post("order", orderUrl, undefined);
  });

  test("about an order of another account", async () => {
    const [mine, theirs] = [await attempt({}), await attempt({})];
    const urls = [theirs.orderUrl, ...Object.values(theirs.links)];

    for (const url of urls) {
      const body = url === theirs.links.finalize ? { csr: "AAAA" } : undefined;
      expect(await failureOf(mine.client.post("order", url, body))).toMatchObject({
        problem: "unauthorized",
        status: 403,
      });
    }
  });
});
