import { describe, expect, test } from "vitest";
import { accountId, keyOfAccount, readAccountKey, thumbprint } from "../../src/acme/account-key.ts";
import { fromBase64Url } from "../../src/acme/base64url.ts";
import { parseJws, type SignedRequest, verifyJws } from "../../src/acme/jws.ts";
import { type Bytes, utf8 } from "../../src/base/bytes.ts";

const key = {
  kty: "EC",
  crv: "P-256",
  x: "wlz-Kv9X0h32fzLq-cogls9HxoZQqV-GuWxdb2MCeUY",
  y: "xzP6zRrg_jynYljZTxfJuql_QWtdQR6lpJ52q_6Vavg",
} as const;

/** A signature of Apple's client without a leading zero, as step-ca tests with it. */
const short: SignedRequest = {
  alg: "ES256",
  nonce: "",
  url: "",
  by: { jwk: key },
  payload: new Uint8Array(),
  signature: fromBase64Url(
    "rQPYKYflfKnlgBKqDeWsJH2TJ6iHAnou7sFzXlmYD4ArXqLfYuqotWERKrna2wfzh0pu7USWO2gzlOqRK9qq",
  ) as Bytes,
  signed: utf8("eyJhbGciOiJFUzI1NiJ9.dGVzdC0xMTA1"),
};

describe("a signature of Apple's client that lacks a leading zero", () => {
  test("holds", async () => {
    expect(short.signature).toHaveLength(63);
    expect(await verifyJws(short, key)).toEqual({ ok: true, value: undefined });
  });

  test("does not hold for anything else", async () => {
    const other = { ...short, signed: utf8("eyJhbGciOiJFUzI1NiJ9.dGVzdC0xMTA2") };

    expect(await verifyJws(other, key)).toMatchObject({ refusal: { type: "unauthorized" } });
  });
});

// RFC 7638 section 3.1.
test("a key is named by its thumbprint", async () => {
  const rsa = {
    kty: "RSA",
    n: "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    e: "AQAB",
    alg: "RS256",
    kid: "2011-04-29",
  };
  const read = readAccountKey(rsa);

  expect(read.ok && (await thumbprint(read.value))).toBe("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
});

test("an account's address carries its key, in one spelling", () => {
  const id = accountId(key);

  expect(keyOfAccount(id)).toEqual(key);
  const reordered = Buffer.from(JSON.stringify({ kty: "EC", crv: key.crv, x: key.x, y: key.y })).toString(
    "base64url",
  );
  for (const strange of ["", "x", `${id}A`, reordered, id.slice(0, -4)])
    expect(keyOfAccount(strange)).toBeUndefined();
});

test.each<[string, unknown]>([
  ["of another curve", { ...key, crv: "P-521" }],
  ["whose coordinate is too short", { ...key, x: key.x.slice(0, -2) }],
  ["whose coordinate has bits of no byte", { ...key, x: `${key.x.slice(0, -1)}Z` }],
  ["of RSA with 1024 bits", { kty: "RSA", n: Buffer.alloc(128, 255).toString("base64url"), e: "AQAB" }],
  ["of RSA with another exponent", { kty: "RSA", n: Buffer.alloc(256, 255).toString("base64url"), e: "AQ" }],
  ["with its private half", { ...key, d: key.x }],
  ["of another kind", { kty: "oct", k: "AAAA" }],
  ["that is none", null],
])("a key %s is refused", (_, jwk) => {
  expect(readAccountKey(jwk)).toMatchObject({ ok: false, refusal: { type: "badPublicKey" } });
});

test("a key off its curve is refused when it is used", async () => {
  const off = { ...key, y: key.x };

  expect(await verifyJws({ ...short, by: { jwk: off } }, off)).toMatchObject({
    refusal: { type: "badPublicKey" },
  });
});

test.each(["", "[]", "null", '{"protected":"","payload":"","signature":""}', "\u00ff"])(
  "the body %j is no request",
  (text) => {
    expect(parseJws(utf8(text))).toMatchObject({ ok: false, refusal: { type: "malformed" } });
  },
);
