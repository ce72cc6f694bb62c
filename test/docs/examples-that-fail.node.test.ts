import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cleanEnvironment } from "../support/node/project-copy.ts";
import { fencesOf, untried } from "./fences.ts";
import { runInShell, scriptOf } from "./shell.ts";

const folder = mkdtempSync(join(tmpdir(), "edgemdm-page-"));
afterAll(() => rmSync(folder, { recursive: true }));

const page = (...lines: string[]) => {
  writeFileSync(join(folder, "page.md"), lines.join("\n"));
  return fencesOf("page.md", join(folder, "page.md"));
};

async function run(...lines: string[]) {
  const places = { folder, server: "http://localhost:1", apple: "http://localhost:2" };
  return runInShell(scriptOf("", page(...lines), places), places, cleanEnvironment());
}

test.each([
  [["```sh", "true", "```"], []],
  [["<!-- not run: it takes an hour -->", "```sh", "true", "```"], []],
  [["```json", "{}", "```"], ["page.md:1 json no comment"]],
  [["```", "a drawing", "```"], ["page.md:1  no comment"]],
  [["<!-- not run: -->", "```yaml", "a: 1", "```"], ["page.md:2 yaml : not run:"]],
  [["<!-- repeated until: done -->", "```json", "{}", "```"], ["page.md:2 json repeated until: done"]],
  [["<!-- not runn: a slip -->", "```sh", "true", "```"], ["page.md:2 sh not runn: a slip"]],
])("of %j nobody tries %j", (lines, left) => {
  expect(untried(page(...lines))).toEqual(left);
});

describe("an example", () => {
  test("that fails is named, and those after it do not run", async () => {
    const { code, output } = await run(
      "```sh",
      "true",
      "```",
      "```sh",
      "false",
      "```",
      "```sh",
      "echo on",
      "```",
    );

    expect(code).toBe(1);
    expect(output).toContain("failed at page.md:4");
    expect(output).not.toContain("on\n");
  });

  test("that fails before a pipe is noticed", async () => {
    const { code } = await run("```sh", "false | cat", "```");

    expect(code).toBe(1);
  });

  test("is repeated until it says what its comment names", async () => {
    const { code, output } = await run(
      "<!-- repeated until: 3 -->",
      "```sh",
      "echo x >> tries; wc -l < tries",
      "```",
    );

    expect([code, output]).toEqual([0, expect.stringMatching(/\n3\n$/)]);
  });

  test("in another terminal ends with its page", async () => {
    const { code, output } = await run(
      "<!-- in another terminal until: ready -->",
      "```sh",
      "echo ready; sleep 600",
      "```",
      "```sh",
      "echo next",
      "```",
    );

    expect(code).toBe(0);
    expect(output).toMatch(/ready[\s\S]*next/);
  });
});
