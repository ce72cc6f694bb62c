import { expect, test } from "vitest";
import { ask } from "../../support/admin.ts";

const post = (body: BodyInit, type = "application/json") =>
  ask("POST", "/api/v1/tokens", { body, headers: type ? { "Content-Type": type } : {} });

test.each([
  ['{"name":x}', "line 1, column 9: unexpected token 'x'"],
  ['{\n  "name": "a",\n}', "line 3, column 1: expected double-quoted property name"],
  ['{"name"', "line 1, column 8: expected ':' after property name"],
  ["", "the body is empty"],
  ['{"a":1} x', "line 1, column 9: unexpected non-whitespace character after JSON"],
  [`{"${"a".repeat(200)}":\n [1, ?]}`, "line 2, column 6: unexpected token '?'"],
  ["[1,", "line 1, column 4: unexpected end of JSON input"],
])("JSON that breaks off is refused with its place: %j", async (body, detail) => {
  const answer = await post(body);

  expect(answer.status).toBe(400);
  expect(answer.json.type).toContain("malformed-json");
  expect(answer.json.detail).toBe(detail);
});

test("bytes that are not UTF-8 are not JSON", async () => {
  expect((await post(Uint8Array.of(0x22, 0xff, 0x22))).json.detail).toBe("the body is not UTF-8 text");
});

test("a body of another kind is refused with what would do", async () => {
  const answer = await post("name=x", "application/x-www-form-urlencoded");

  expect(answer.status).toBe(415);
  expect(answer.headers.get("Accept")).toBe("application/json");
  expect(answer.json.detail).toBe("send the body as application/json, not application/x-www-form-urlencoded");
});

test("a content type may say its charset", async () => {
  expect((await post("{}", "Application/JSON; charset=utf-8")).json.type).toContain("invalid-request");
});

test("a body over the limit is refused whether or not it says its length", async () => {
  const big = new Uint8Array(1024 * 1024 + 1).fill(0x20);
  const stream = new Blob([big]).stream();

  expect((await post(big)).status).toBe(413);
  expect((await post(stream)).status).toBe(413);
});

test("a body is not an array, and the error points at the whole", async () => {
  const answer = await post("[]");

  expect(answer.status).toBe(400);
  expect(answer.json.errors[0].pointer).toBe("");
});
