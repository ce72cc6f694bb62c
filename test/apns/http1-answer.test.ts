import { expect, test } from "vitest";
import { readHttpAnswer } from "../../src/apns/http1/answer.ts";
import { utf8 } from "../../src/base/bytes.ts";

/** The answer, arriving in pieces of so many bytes. */
async function answer(text: string, piece = 7) {
  const bytes = utf8(text);
  let at = 0;
  const read = async () => {
    const next = bytes.subarray(at, at + piece);
    at += piece;
    return next.length > 0 ? next : undefined;
  };
  const result = await readHttpAnswer(read, 100);
  return result.ok
    ? { status: result.value.status, body: new TextDecoder().decode(result.value.body) }
    : result.refusal.reason;
}

const head = "HTTP/1.1 200 OK\r\n";

test.each([
  ["by its length", `${head}Content-Length: 5\r\n\r\nhello`],
  ["in chunks", `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n`],
  ["to the end of the connection", `${head}\r\nhello`],
])("a body is read %s, however it arrives", async (_, text) => {
  for (const piece of [1, 7, 1000]) expect(await answer(text, piece)).toEqual({ status: 200, body: "hello" });
});

test.each([
  ["nothing", "", "cut-off"],
  ["half a head", `${head}Content-Le`, "cut-off"],
  ["half a body", `${head}Content-Length: 50\r\n\r\nhello`, "cut-off"],
  ["half a chunk", `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`, "cut-off"],
  ["no last chunk", `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`, "cut-off"],
  ["a long body", `${head}Content-Length: 101\r\n\r\n`, "too-long"],
  ["long chunks", `${head}Transfer-Encoding: chunked\r\n\r\nffffffff\r\n`, "too-long"],
  ["a body without an end", `${head}\r\n${"x".repeat(101)}`, "too-long"],
  ["an endless head", `${head}${"X: y\r\n".repeat(5_000)}`, "malformed"],
  ["an endless line", `${head}X: ${"y".repeat(20_000)}`, "malformed"],
  ["two lengths", `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`, "malformed"],
  ["a length and chunks", `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, "malformed"],
  ["a length that is none", `${head}Content-Length: five\r\n\r\n`, "malformed"],
  ["another encoding", `${head}Transfer-Encoding: gzip\r\n\r\n`, "malformed"],
  ["a chunk that is longer", `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n`, "malformed"],
  ["a header without a name", `${head}: x\r\n\r\n`, "malformed"],
  ["another protocol", "SSH-2.0-x\r\n\r\n", "malformed"],
  ["an announcement", "HTTP/1.1 100 Continue\r\n\r\n", "malformed"],
])("%s is refused", async (_, text, reason) => {
  expect(await answer(text)).toBe(reason);
});
