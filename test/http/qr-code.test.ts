import { expect, test } from "vitest";
import { sha256, toHex, utf8 } from "../../src/base/bytes.ts";
import { qrCode, qrSvg } from "../../src/http/qr-code.ts";

// SHA-256 of the modules as rows of 0 and 1, as another encoder (uqr 0.1.3, the same mask) draws them: without alignment
// patterns, with them, with version bits, with many blocks.
test.each([
  ["edgemdm", "0c6d1701c9b48f480c651519a8899f156d7fe509eb1f640ac56f353180c8dd51"],
  [
    `https://mdm.example.com/enroll?code=${"A".repeat(22)}`,
    "0a11466df4aabbb1f532f9154d4dc6c40cb108f9136599cf8d7a534aae4d23d7",
  ],
  [
    "https://device-management.engineering.example.com/enroll?code=abcdefghijklmnopqrstuv&and=some+more+of+it+to+be+long",
    "c130497afc721cb73bc70b00317eebe769eddd24962b188784078b0b60733f5d",
  ],
  ["m".repeat(300), "232b960e92aca4b40982e5523fb3b087e9418a29cf864d4271b1fba41bdb7e6b"],
])("%s is drawn as another encoder draws it", async (text, digest) => {
  const rows = qrCode(text).map((row) => row.map(Number).join(""));

  expect(toHex(await sha256(utf8(rows.join("\n"))))).toBe(digest);
});

test("a picture has a quiet zone of four modules, on white", () => {
  const size = qrCode("x").length + 8;

  expect(qrSvg("x")).toContain(`viewBox="0 0 ${size} ${size}"`);
  expect(qrSvg("x")).toContain('fill="#fff"');
  expect(qrSvg("x")).not.toMatch(/M[0-3] \d+h\d+v1h|M\d+ [0-3]h\d+v1h/);
});

test.each([
  [1, 21],
  [14, 21],
  [15, 25],
  [213, 57],
  [666, 97],
])("%i bytes make %i modules a side", (length, side) => {
  expect(qrCode("x".repeat(length))).toHaveLength(side);
});

test("what does not fit is a mistake of ours", () => {
  expect(() => qrCode("x".repeat(667))).toThrow("667 bytes do not fit");
});
