import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const project = resolve(import.meta.dirname, "../..");
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: project });
const read = (page: string): string => readFileSync(resolve(project, page), "utf8");

/** What GitHub makes of the headings of a page. */
function anchorsOf(page: string): Set<string> {
  const prose = read(page).replaceAll(/^( *)```[\s\S]*?^\1```$/gm, "");
  const seen = new Map<string, number>();
  const anchors = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
  return new Set(anchors);
}

test("links between pages lead to a page, and to a heading of it", () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)]*))?\)/g)].flatMap(
      ([link, path = "", anchor]) => {
        const target = path === "" ? resolve(project, page) : resolve(project, dirname(page), path);
        if (!existsSync(target)) return [`${page}: ${link} leads nowhere`];
        if (!anchor || !target.endsWith(".md")) return [];
        return anchorsOf(relative(project, target)).has(anchor)
          ? []
          : [`${page}: ${link} names no heading there`];
      },
    ),
  );

  expect(broken).toEqual([]);
});

test("the README leads to every page", () => {
  const named = new Set([...read("README.md").matchAll(/\]\((docs\/[^)#]*)/g)].map(([, page]) => page));

  expect(pages.filter((page) => page.startsWith("docs/") && !named.has(page))).toEqual([]);
});
