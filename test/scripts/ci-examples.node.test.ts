import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readGiven } from "../../scripts/cli/command.ts";
import { commands } from "../../scripts/cli/names.ts";

// The examples for CI are read as YAML, and each line that calls edgemdm is a call that it takes. No CI runs them here.

const examples = ["github-actions.yml", "gitlab-ci.yml"];

const textsIn = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

test.each(examples)("%s plans a request, applies the main branch, and calls what exists", async (name) => {
  const document = parse(readFileSync(resolve(import.meta.dirname, "../../examples/ci", name), "utf8"));
  const calls = textsIn(document).flatMap((text) => {
    const call = /^node edgemdm\/scripts\/edgemdm\.mjs ([a-z]+) (.*)$/.exec(text.trim());
    return call ? [[call[1] ?? "", (call[2] ?? "").replace(/ (\|\||\$\{).*/, "").split(" ")] as const] : [];
  });

  for (const [command, args] of calls) {
    const loaded = await commands[command]?.load();
    expect(loaded, command).toBeDefined();
    if (loaded) readGiven(command, loaded.command, args);
  }
  expect(calls.map(([command, args]) => [command, ...args].join(" "))).toEqual([
    "validate office",
    "apply office --prune --plan",
    "apply office --prune --yes",
  ]);
});
