// What another release brings: its version, what the changelog says, migrations, libraries.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Release } from "./release.ts";

export type Changes = {
  from: string;
  to: string;
  /** Lines of the changelog that this release does not have. */
  news: string[];
  migrations: string[];
  /** Other libraries must be installed. */
  dependencies: boolean;
};

const mostNews = 60;

export function changesBetween(now: Release, next: Release): Changes {
  const known = new Set(linesOf(now, "CHANGELOG.md"));
  const applied = new Set(migrationsOf(now));
  return {
    from: now.version,
    to: next.version,
    news: linesOf(next, "CHANGELOG.md").filter((line) => !known.has(line) && line.trim() !== ""),
    migrations: migrationsOf(next).filter((name) => !applied.has(name)),
    dependencies: textOf(now, "package-lock.json") !== textOf(next, "package-lock.json"),
  };
}

export function tellChanges({ from, to, news, migrations, dependencies }: Changes): void {
  console.log(`\nFrom ${from} to ${to}:\n`);
  for (const line of news.slice(0, mostNews)) console.log(`  ${line}`);
  if (news.length > mostNews) console.log(`  and ${news.length - mostNews} more lines: see CHANGELOG.md`);
  if (news.length === 0) console.log("  the changelog says nothing new");
  console.log(`\n  migrations   ${migrations.length === 0 ? "none" : migrations.join(", ")}`);
  console.log(`  libraries    ${dependencies ? "others are installed" : "the same"}`);
}

const textOf = ({ folder }: Release, name: string): string => {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};

const linesOf = (release: Release, name: string): string[] => textOf(release, name).split("\n");

const migrationsOf = ({ folder }: Release): string[] => {
  const path = join(folder, "migrations");
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith(".sql"))
        .sort()
    : [];
};
