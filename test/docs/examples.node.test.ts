import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanEnvironment } from "../support/node/project-copy.ts";
import { type Fence, fencesOf, untried } from "./fences.ts";
import { JsonExamples } from "./json-examples.ts";
import { missingTools, runInShell, scriptOf } from "./shell.ts";
import { Stage } from "./stage.ts";

const project = resolve(import.meta.dirname, "../..");
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: project }).sort();
const fences = pages.flatMap((page) => fencesOf(page, resolve(project, page)));

/** Every page uses the function that these define for those who begin here. */
const beginnings = ["README.md", "docs/quickstart.md"];
const definitions = fences.filter(({ content }) => content.includes("api() {"));

let stage: Stage;
let examples: JsonExamples;

beforeAll(async () => {
  stage = await Stage.open();
  examples = await JsonExamples.of(stage);
});
afterAll(() => stage.close());

test("each example is tried, or a comment says why not", () => {
  expect(untried(fences)).toEqual([]);
});

test("there is one way to call the API", () => {
  expect(definitions.map(({ page }) => page)).toEqual(beginnings);
  expect(new Set(definitions.map(({ content }) => content)).size).toBe(1);
});

const shells = Map.groupBy(
  fences.filter(({ language, marker }) => language === "sh" && marker?.kind !== "not run"),
  ({ page }) => page,
);

const missing = missingTools();
if (missing.length > 0)
  console.warn(`the shell examples are skipped: ${missing.join(", ")} does not work here`);

describe.skipIf(missing.length > 0)("shell", () => {
  test.each([...shells])("%s runs as typed", async (page, own) => {
    const script = scriptOf(before(page), own, stage.places);
    for (const { content, marker } of fences.filter((fence) => fence.page === page))
      if (marker?.kind === "saved as") writeFileSync(join(stage.places.folder, marker.text), content);
    const { code, output } = await runInShell(script, stage.places, {
      ...cleanEnvironment(),
      EDGEMDM_URL: stage.places.server,
      ...(await variables(page, own)),
    });
    await stage.rest();

    expect(output).not.toMatch(/^failed at /m);
    expect(code, output).toBe(0);
  });
});

describe("JSON", () => {
  const own = fences.filter(
    ({ language, marker }) => language === "json" && marker && marker.kind !== "not run",
  );

  test.each(own.map((fence): [string, Fence] => [`${fence.page}:${fence.line}`, fence]))(
    "%s is what the server takes or gives",
    async (_place, fence) => {
      expect(await examples.fault(fence)).toBeUndefined();
    },
  );
});

/** What a reader of the page has done already. */
function before(page: string): string {
  const file = resolve(import.meta.dirname, "pages", `${basename(page, ".md")}.sh`);
  const own = existsSync(file) ? readFileSync(file, "utf8") : "";
  return `${beginnings.includes(page) ? "" : definitions[0]?.content}\n${own}`;
}

/** Devices of a page's own, if it names any. */
async function variables(page: string, own: readonly Fence[]): Promise<Record<string, string>> {
  const text = before(page) + own.map(({ content }) => content).join("\n");
  const mac = /\$(MAC|USER)\b/.test(text) ? await stage.device("mac") : undefined;
  return {
    ...(/\$ID\b/.test(text) && { ID: (await stage.device("iphone")).id }),
    ...(/\$NEXT\b/.test(text) && { NEXT: (await stage.device("ipad")).id }),
    ...(mac && { MAC: mac.id, USER: mac.users[0]?.id ?? "" }),
  };
}
