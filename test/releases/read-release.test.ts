import { afterEach, expect, test, vi } from "vitest";
import { fetchRelease } from "../../src/releases/client.ts";
import { isNewer, readRelease } from "../../src/releases/read-release.ts";

afterEach(() => vi.restoreAllMocks());

test.each([
  [{ tag_name: "v1.2.3", draft: false }, "1.2.3"],
  [{ name: "edgemdm", version: "0.10.0" }, "0.10.0"],
])("%j names a release", (told, version) => {
  expect(readRelease(told)).toEqual({ ok: true, value: { version } });
});

test.each([
  [null],
  ["1.2.3"],
  [{}],
  [{ version: 1 }],
  [{ tag_name: "nightly" }],
  [{ version: "1.2.3-beta" }],
])("%j names none", (told) => {
  expect(readRelease(told)).toMatchObject({ ok: false });
});

test.each([
  ["1.0.0", "0.9.9", true],
  ["0.10.0", "0.9.0", true],
  ["0.1.0", "0.1.0", false],
  ["0.1.0", "0.2.0", false],
  ["1.2.4", "1.2.3-beta.1", true],
])("%s is newer than %s: %s", (version, than, isSo) => {
  expect(isNewer(version, than)).toBe(isSo);
});

test("an answer that is too long, another status or no answer is said in words", async () => {
  const answer = vi.spyOn(globalThis, "fetch");
  answer.mockResolvedValueOnce(Response.json({ tag_name: "v2.0.0" }));
  expect(await fetchRelease("https://example.com")).toEqual({ ok: true, value: { version: "2.0.0" } });
  answer.mockResolvedValueOnce(new Response("x".repeat(600_000)));
  expect(await fetchRelease("https://example.com")).toMatchObject({
    refusal: { detail: expect.stringContaining("more than") },
  });
  answer.mockResolvedValueOnce(new Response(null, { status: 302, headers: { Location: "https://evil" } }));
  expect(await fetchRelease("https://example.com")).toMatchObject({ refusal: { detail: "it answered 302" } });
  answer.mockRejectedValueOnce(new Error("no route"));
  expect(await fetchRelease("https://example.com")).toMatchObject({
    refusal: { detail: expect.stringContaining("no route") },
  });
});
