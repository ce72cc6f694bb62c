import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { firstLoad, judgeConsole, weighConsole } from "../../scripts/budget/console.ts";
import { type Built, bundleConsole } from "../../scripts/console/build.ts";
import { sources } from "../../scripts/console/is-built.ts";

// What the console is made of, and what is made of it.

const project = resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(resolve(project, file), "utf8");
const files = globSync("console/src/**/*.{ts,tsx}", { cwd: project });

let built: Built;
beforeAll(async () => {
  built = await bundleConsole(project);
});

test.each(files)("%s makes no markup and no program of a text", (file) => {
  const makers =
    /\b(eval|innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|srcdoc|createContextualFragment|DOMParser|setHTMLUnsafe)\b|document\.write|new Function|javascript:/;

  expect(read(file)).not.toMatch(makers);
});

test("the page has no script and no style of its own, which the policy would refuse", () => {
  const page = read("console/index.html");

  expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/i);
});

test("a build is made again when any of what it reads has changed", () => {
  const inputs = Object.keys(built.metafile.inputs).filter((path) => !path.startsWith("node_modules/"));

  const unwatched = inputs.filter((input) => !sources.some((source) => input.startsWith(source)));
  expect(unwatched).toEqual([]);
});

test("nothing is loaded from elsewhere: the addresses in it are names, or links for people", () => {
  const text = built.files.map(({ bytes }) => new TextDecoder().decode(bytes)).join("\n") + built.page;
  const hosts = new Set([...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host));

  const known = new Set([
    "www.w3.org", // namespaces of SVG and MathML
    "www.apple.com", // the name of the format of property lists
    "www.openstreetmap.org", // where a lost device is, as a link
    "identity.apple.com",
    "mdmcert.download",
    "business.apple.com",
    "school.apple.com",
    "mdm.example.com",
    "example.com",
  ]);
  expect([...hosts].filter((host) => !known.has(host ?? ""))).toEqual([]);
});

test("each part is named by its content, and the page by its build", () => {
  const names = built.files.map(({ name }) => name);

  expect(names).toEqual(expect.arrayContaining(["main.js", "main.css"]));
  for (const name of names.filter((one) => !one.startsWith("main.")))
    expect(name).toMatch(/-[A-Z0-9]{8}\.js$/);
  expect(built.page).toContain(`src="/console/${built.id}/main.js"`);
  expect(built.page).toContain(`href="/console/${built.id}/main.css"`);
});

describe("the budget", () => {
  test("the first load is the program, its words, its first page, and the style", () => {
    const first = firstLoad(built.metafile);

    expect([...first]).toEqual(expect.arrayContaining(["main.js", "main.css"]));
    const inputs = [...first].flatMap((name) =>
      Object.keys(built.metafile.outputs[`console/dist/${name}`]?.inputs ?? {}),
    );
    expect(inputs).toEqual(
      expect.arrayContaining(["console/src/pages/start/page.tsx", "console/src/words/en/common.ts"]),
    );
    expect(inputs.join()).not.toContain("words/de");
  });

  test("is kept", () => {
    expect(judgeConsole(weighConsole(built)).complaints).toEqual([]);
  });

  test("names what is too large", () => {
    const figures = { firstLoadKiB: 61, allKiB: 90, parts: [["page-ABC.js", 41] as [string, number]] };

    expect(judgeConsole(figures).complaints).toEqual([
      "the console's first load: 61.0 KiB in gzip is over the budget of 60 KiB",
      "the console's largest part, page-ABC.js: 41.0 KiB in gzip is over the budget of 40 KiB",
    ]);
  });
});
