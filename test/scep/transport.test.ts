import { expect, test } from "vitest";
import { toBase64, toHex, utf8 } from "../../src/base/bytes.ts";
import { capabilities } from "../../src/scep/capabilities.ts";
import { messageOfBody, messageOfQuery, operationOf } from "../../src/scep/transport.ts";
import { failInfos, messageTypes, requestTypeOf } from "../../src/scep/vocabulary.ts";

// Bytes whose base64 has plus signs, slashes and padding.
const message = Uint8Array.from([
  0x30,
  0x80,
  ...Array.from({ length: 95 }, (_, index) => 0xfb ^ (index * 7)),
  0xff,
]);
const base64 = toBase64(message);

test("the sample shows what it should", () => {
  expect(base64).toMatch(/\+.*\/|\/.*\+/);
  expect(base64).toMatch(/=$/);
});

test.each([
  ["GetCACaps", "?operation=GetCACaps&message=x"],
  ["GetCACert", "operation=getCAcert"],
  ["PKIOperation", "message=AAAA&OPERATION=pkioperation"],
  [undefined, "?operation=GetNextCACert"],
  [undefined, "?op=GetCACert"],
  [undefined, ""],
])("%s is asked by %s", (operation, query) => {
  expect(operationOf(query)).toBe(operation);
});

test.each([
  ["escaped whole", encodeURIComponent(base64)],
  ["as iOS leaves it", base64.replaceAll("=", "%3D")],
  ["as it is", base64],
  ["with spaces for plus signs", base64.replaceAll("+", "%20")],
  ["in lines", encodeURIComponent(base64.replace(/.{64}/g, "$&\n"))],
  ["URL-safe and bare", base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")],
  ["twice", encodeURIComponent(btoa(base64))],
])("a message in a query, %s, comes out whole", (_, spelled) => {
  const read = messageOfQuery(`?operation=PKIOperation&message=${spelled}`);

  expect(read && toHex(read)).toBe(toHex(message));
});

test.each(["?operation=PKIOperation", "?message=%", "?message=***", "?message=A"])(
  "%s holds no message",
  (query) => {
    expect(messageOfQuery(query)).toBeUndefined();
  },
);

test("a body is taken as it is, or out of base64", () => {
  expect(toHex(messageOfBody(message))).toBe(toHex(message));
  expect(toHex(messageOfBody(utf8(base64)))).toBe(toHex(message));
  expect(messageOfBody(new Uint8Array(3)).length).toBe(3);
});

test("what is offered besides depends on what is read", () => {
  expect(capabilities(true)).toContain("DES3\n");
  expect(capabilities(false)).not.toMatch(/DES3|SHA-1\n|SHA-512/);
});

test("the words are the RFC's", () => {
  expect(messageTypes).toEqual({
    CertRep: "3",
    RenewalReq: "17",
    PKCSReq: "19",
    CertPoll: "20",
    GetCert: "21",
    GetCRL: "22",
  });
  expect(failInfos).toEqual({
    badAlg: "0",
    badMessageCheck: "1",
    badRequest: "2",
    badTime: "3",
    badCertId: "4",
  });
  expect([requestTypeOf("19"), requestTypeOf("3"), requestTypeOf("18")]).toEqual([
    "PKCSReq",
    undefined,
    undefined,
  ]);
});
