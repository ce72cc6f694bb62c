import { describe, expect, test } from "vitest";
import { api } from "../../../src/http/api/app.ts";
import { describeApi } from "../../../src/http/api/route/openapi.ts";
import { problems } from "../../../src/http/api/route/problem.ts";
import { ask } from "../../support/admin.ts";

type Document = {
  tags: { name: string }[];
  paths: Record<string, Record<string, { operationId: string; tags: string[]; summary: string }>>;
  components: { schemas: Record<string, object> };
};
const document = describeApi(api) as unknown as Document;
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const groups = document.tags.map(({ name }) => name);

const open = (path: string) => ask("GET", path, { token: null });
const gzipped = async (text: string) => {
  const packed = new Response(text).body?.pipeThrough(new CompressionStream("gzip"));
  return (await new Response(packed).arrayBuffer()).byteLength;
};

describe("the first page of the documentation", () => {
  test("names every operation in the order of a day's work, and every problem, and is light", async () => {
    const { status, text, headers } = await open("/api/docs");

    expect(status).toBe(200);
    expect(headers.get("Content-Type")).toContain("text/html");
    for (const { operationId, tags } of operations)
      expect(text).toContain(`href="/api/docs?group=${tags[0]}#${operationId}"`);
    for (const slug of Object.keys(problems)) expect(text).toContain(`id="problem-${slug}"`);
    const places = groups.map((name) => text.indexOf(`<section id="${name}">`));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text.length).toBeLessThan(96 * 1024);
    expect(await gzipped(text)).toBeLessThan(16 * 1024);
  });

  test("has a policy that lets nothing run, nothing load but its icon, and forms go only here", async () => {
    const first = await open("/api/docs");
    const second = await open("/api/docs");

    const policy = first.headers.get("Content-Security-Policy") ?? "";
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'nonce-[\w-]{22}'; img-src 'self'; base-uri 'none'; form-action 'self'/,
    );
    const nonce = /nonce-([\w-]+)/.exec(policy)?.[1];
    expect(first.text).toContain(`<style nonce="${nonce}">`);
    expect(second.headers.get("Content-Security-Policy")).not.toBe(policy);
    expect(first.headers.get("X-Frame-Options")).toBe("DENY");
  });
});

test.each(groups)("the page of %s has its operations, their schemas and examples", async (group) => {
  const { status, text } = await open(`/api/docs?group=${group}`);

  expect(status).toBe(200);
  for (const { operationId, tags } of operations)
    expect(text.includes(`<article id="${operationId}">`)).toBe(tags.includes(group));
  const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(links.filter((id) => !text.includes(`id="${id}"`))).toEqual([]);
  expect(text).toContain("<summary>Example</summary><pre>curl");
  expect(await gzipped(text)).toBeLessThan(40 * 1024);
});

test("no page has a script, a thing from elsewhere, code that is not shown as such, or a hole", async () => {
  for (const path of [
    "/api/docs",
    "/api/docs?q=device",
    ...groups.map((name) => `/api/docs?group=${name}`),
  ]) {
    const { text } = await open(path);
    const prose = text.replace(/<pre>.*?<\/pre>|<code>.*?<\/code>|<style.*?<\/style>/gs, "");

    expect(prose, path).not.toMatch(/<script|<link|src=|url\(|@import|\[object|undefined/);
    expect(prose, path).not.toMatch(/&lt;code|`/);
    expect(text, path).not.toMatch(/(href|src|action)="(https?:)?\/\//);
  }
});

describe("the search", () => {
  test.each([
    ["request_type", "sendCommand", true],
    ["overlap_minutes", "listDevices", false],
    ["list tokens", "listTokens", true],
    ["TOKENS list", "listTokens", true],
    ["overlap_minutes", "rotateToken", true],
    ["/enrollment/invitations", "createInvitation", true],
  ])("%j finds %s: %s", async (words, operationId, isFound) => {
    const { status, text } = await open(`/api/docs?q=${encodeURIComponent(words)}`);

    expect(status).toBe(200);
    expect(text.includes(`#${operationId}"`)).toBe(isFound);
  });

  test("shows what was searched for as text, and says when there is nothing", async () => {
    const { text } = await open(`/api/docs?q=${encodeURIComponent(`"><script>alert(1)</script>`)}`);

    expect(text).toContain("Nothing has “&quot;&gt;&lt;script&gt;");
    expect(text).not.toContain("<script");
  });

  test("takes no novel", async () => {
    expect((await open(`/api/docs?q=${"x".repeat(101)}`)).status).toBe(400);
  });
});

test("a group that is none is a page that says so", async () => {
  const { status, text } = await open("/api/docs?group=nonsense");

  expect(status).toBe(404);
  expect(text).toContain("No group is called “nonsense”");
});
