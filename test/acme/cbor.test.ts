import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseCbor } from "../../src/acme/cbor.ts";
import { type Bytes, fromHex } from "../../src/base/bytes.ts";
import { attestationObject } from "../support/apple-device/attester.ts";

const read = (hex: string) => parseCbor(fromHex(hex) as Bytes);

test("the object of a device that could not attest is read", () => {
  const parsed = read("a263666d74656170706c656761747453746d74a16378356380");

  expect(parsed).toEqual({
    ok: true,
    value: new Map<string, unknown>([
      ["fmt", "apple"],
      ["attStmt", new Map([["x5c", []]])],
    ]),
  });
});

test.each([
  ["a16161", /cut off/],
  ["a1616101", /major type 0/],
  ["a2616160616160", /key "a" twice/],
  ["a1406160", /key that is not a text/],
  ["bf616160ff", /indefinite/],
  ["5f4101ff", /indefinite/],
  ["7801", /not in its shortest form/],
  ["590001aa", /not in its shortest form/],
  ["5a000000", /cut off/],
  ["5b0000000000000001aa", /huge/],
  ["81818181818180", /deeper/],
  ["61ff", /not UTF-8/],
  ["6060", /after the end/],
  ["f5", /major type 7/],
  ["c0", /major type 6/],
  ["", /cut off/],
])("%s is refused", (hex, detail) => {
  expect(read(hex)).toMatchObject({ ok: false, refusal: { detail: expect.stringMatching(detail) } });
});

test("a list that says to be huge costs nothing", () => {
  expect(read("9affffffff").ok).toBe(false);
  expect(parseCbor(new Uint8Array(16 * 1024 + 1))).toMatchObject({
    refusal: { detail: expect.stringMatching(/more than/) },
  });
});

test("whatever comes, the reader answers; and what the writer wrote comes back", async () => {
  await fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      parseCbor(new Uint8Array(bytes));
    }),
  );
  await fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 900 }), { maxLength: 5 }), (chain) => {
      const parsed = parseCbor(new Uint8Array(attestationObject(chain)));
      const statement = parsed.ok && parsed.value instanceof Map ? parsed.value.get("attStmt") : undefined;
      expect(statement instanceof Map && statement.get("x5c")).toEqual(
        chain.map((one) => new Uint8Array(one)),
      );
    }),
  );
});
