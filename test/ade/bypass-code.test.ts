import { expect, test } from "vitest";
import { bypassCodeFromHex, bypassCodeFromText, newBypassCode } from "../../src/ade/bypass-code.ts";

const vectors = [
  {
    raw: "1ea841db5edfafe6075b5ae0d845d254",
    code: "3UM43-PUYVY-QYD1-UVCC-HEHJ-FKA4",
    hash: "6ab40d5eabe7218ec04182f461005600c7e3426bddd82cdb405bde9a1e0014b5",
  },
  {
    raw: "00".repeat(16),
    code: "00000-00000-0000-0000-0000-0000",
    hash: "deab860d28deb5b7121d6d8fcf0f78e1471756d1b2c566c03277c23ea8930b4f",
  },
];

test.each(vectors)("$code is what a person types of its bytes, and back", async (vector) => {
  expect(await bypassCodeFromHex(vector.raw)).toEqual(vector);
  expect(await bypassCodeFromText(vector.code.toLowerCase())).toEqual(vector);
});

test("a new code is another one each time, and reads back", async () => {
  const [one, other] = [await newBypassCode(), await newBypassCode()];

  expect(one?.raw).not.toBe(other?.raw);
  expect(await bypassCodeFromText(one?.code ?? "")).toEqual(one);
});

test.each(["", "3UM43", "3UM43-PUYVY-QYD1-UVCC-HEHJ-FKAZ", "BUM43-PUYVY-QYD1-UVCC-HEHJ-FKA4"])(
  "%j is no bypass code",
  async (text) => {
    expect(await bypassCodeFromText(text)).toBeUndefined();
  },
);
