/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";
import { openTokenFile } from "../../src/ade/token-file.ts";
import { fromBase64, utf8 } from "../../src/base/bytes.ts";
import { type TokenFileOptions, tokenFile } from "../support/fake-apple/token-file.ts";
import { credential, pemText } from "../support/pki.ts";

const files = import.meta.glob<string>("../fixtures/ade/*.p7m", {
  query: "?raw",
  import: "default",
  eager: true,
});
const opensslFile = Object.values(files)[0] ?? "";

const now = Date.parse("2026-08-01T00:00:00Z");
const token = {
  consumer_key: `CK_${"a".repeat(60)}`,
  consumer_secret: "CS_secret",
  access_token: `AT_${"b".repeat(60)}`,
  access_secret: "AS_secret",
  access_token_expiry: "2027-08-01T00:00:00Z",
};
const made = (content: object | string = token, options: TokenFileOptions = {}): Promise<string> =>
  tokenFile(content, pemText("device.cert"), options);
const open = (file: string | Uint8Array, at = now) =>
  openTokenFile(typeof file === "string" ? utf8(file) : file, credential("device"), at);

test.each<[string, TokenFileOptions]>([
  ["as live files are", {}],
  ["without a frame, with lines broken inside of texts", { isFramed: false }],
  ["in DER", { encoding: "der" }],
  ["with AES-192", { cipher: "AES-192-CBC" }],
  ["with AES-256", { cipher: "AES-256-CBC" }],
  ["with triple DES", { cipher: "3DES-CBC" }],
  ["with bare line feeds", { lineEnd: "\n" }],
])("a token file %s is opened", async (_, options) => {
  expect(await open(await made(token, options))).toEqual({ ok: true, value: token });
});

test("a token file that openssl made is opened", async () => {
  const opened = await open(opensslFile);

  expect(opened.ok && opened.value.consumer_key).toBe("CK_fixture");
});

test("the CMS message alone is opened too, as bytes or as base64", async () => {
  const base64 = (await made()).replace(/^[\s\S]*?\r\n\r\n/, "");

  expect((await open(base64)).ok).toBe(true);
  expect((await open(fromBase64(base64) ?? new Uint8Array())).ok).toBe(true);
});

const cut = (file: string): string => file.slice(0, -400);
/** The last letters of the ciphertext are other ones; lengths stay. */
const altered = (file: string): string => {
  const at = file.lastIndexOf("\r\n", file.length - 60) - 30;
  return `${file.slice(0, at)}${file[at] === "A" ? "B" : "A"}${file.slice(at + 1)}`;
};

test.each<[string, string | Uint8Array, string, string]>([
  ["nothing", "", "not-a-token-file", "it is no S/MIME file"],
  ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47), "not-a-token-file", "it is no S/MIME file"],
  ["a property list", "<plist/>", "not-a-token-file", "it is no S/MIME file"],
  ["the certificate", pemText("device.cert"), "not-a-token-file", "it is a certificate: upload it at Apple"],
  [
    "a certificate in DER",
    credential("device").certificate.der,
    "not-a-token-file",
    "it is a certificate: upload it at Apple",
  ],
  [
    "a signed message",
    pemText("attached.cms").replace(/-----.*/g, ""),
    "not-a-token-file",
    "another kind of CMS",
  ],
  ["a huge file", new Uint8Array(70_000).fill(65), "not-a-token-file", "it has 70000 bytes"],
  ["headers without a body", "Content-Type: application/pkcs7-mime\r\n", "damaged", "is not base64"],
  ["a body that is not base64", `${(await made()).slice(0, 300)}\r\n\r\n***`, "damaged", "is not base64"],
  ["a file that was cut off", cut(await made()), "damaged", "its CMS message is not whole"],
  ["a file with an altered ciphertext", altered(await made()), "damaged", "what was encrypted is not whole"],
  ["what is no JSON inside", await made("{nothing"), "damaged", "what was encrypted is not whole"],
  ["a list inside", await made("[1]"), "damaged", "what was encrypted is not whole"],
  [
    "a file for another key",
    await tokenFile(token, pemText("authority.cert")),
    "other-key",
    "another certificate",
  ],
  [
    "a token without a secret",
    await made({ ...token, access_secret: "" }),
    "missing-key",
    "it lacks access_secret",
  ],
  [
    "a token with a number",
    await made({ ...token, consumer_key: 5 }),
    "missing-key",
    "it lacks consumer_key",
  ],
  [
    "a token with a line break",
    await made({ ...token, access_token: "AT\\nX: y" }),
    "missing-key",
    "access_token",
  ],
  ["an empty object", await made({}), "missing-key", "it lacks consumer_key, consumer_secret, access_token"],
  [
    "a token that never ends",
    await made({ ...token, access_token_expiry: "soon" }),
    "missing-key",
    "access_token_expiry",
  ],
  [
    "an expired token",
    await made({ ...token, access_token_expiry: "2026-07-31T23:59:59Z" }),
    "expired",
    "it expired on 2026-07-31T23:59:59.000Z: download a new token",
  ],
])("%s is refused by name", async (_, file, reason, detail) => {
  const opened = await open(file);

  expect(opened).toMatchObject({ ok: false, refusal: { reason } });
  expect(!opened.ok && opened.refusal.detail).toContain(detail);
});

test("no cut of a token file is a fault", async () => {
  const whole = await made();
  for (let length = 0; length < whole.length; length += 37) {
    expect((await open(whole.slice(0, length))).ok, `cut at ${length}`).toBe(false);
  }
});
