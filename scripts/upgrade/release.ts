// A release as a folder: where it comes from, and which of its files take the place of those that are here.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { startProgram } from "../children.ts";
import { Trouble, writing } from "../trouble.ts";
import type { UpgradeOptions } from "./options.ts";

export type Release = { folder: string; version: string };

/** Never of a release: what this deployment keeps beside it. */
const own = new Set([
  ".git",
  ".wrangler",
  ".upgrade",
  ".dev.vars",
  "node_modules",
  "backups",
  "deployment.json",
  "wrangler.deployment.json",
]);

export const managed = (folder: string): string[] =>
  readdirSync(folder).filter((name) => !own.has(name) && !name.startsWith("edgemdm-recovery.json"));

export function releaseIn(folder: string): Release {
  const path = join(folder, "package.json");
  const read = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>) : {};
  if (read.name !== "edgemdm" || typeof read.version !== "string")
    throw new Trouble(`${folder} is no release of edgemdm`);
  return { folder, version: read.version };
}

export async function fetchRelease(project: string, { from, to }: UpgradeOptions): Promise<Release> {
  const folder = writing(tmpdir(), () => mkdtempSync(join(tmpdir(), "edgemdm-upgrade-")));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  if (from !== undefined && /\.(tgz|tar\.gz)$/.test(from)) {
    if (to !== undefined) throw new Trouble("a file is one release: leave --to out");
    await must("the file could not be unpacked", "tar", [
      "-xzf",
      resolve(from),
      "-C",
      folder,
      "--strip-components=1",
    ]);
    return releaseIn(folder);
  }
  const source = from ?? (await remoteOf(project));
  const tag = to ?? (await newestTag(source));
  await must(`${tag} could not be had from ${source}`, "git", [
    ...["clone", "--quiet", "--depth", "1", "--branch", tag],
    ...["--", source, join(folder, "release")],
  ]);
  return releaseIn(join(folder, "release"));
}

/** The deploy button copies: then origin is the copy, and `git remote add upstream` says where releases are. */
async function remoteOf(project: string): Promise<string> {
  for (const name of ["upstream", "origin"]) {
    const { code, output } = await ran("git", ["-C", project, "remote", "get-url", name]);
    if (code === 0) return output.trim();
  }
  throw new Trouble(
    "say where the release comes from: npm run upgrade -- --from https://… or --from FILE.tgz",
  );
}

async function newestTag(source: string): Promise<string> {
  const listed = await must(`${source} did not list its releases`, "git", [
    "ls-remote",
    "--tags",
    "--refs",
    "--",
    source,
  ]);
  const tags = [...listed.matchAll(/refs\/tags\/(v(\d+)\.(\d+)\.(\d+))$/gm)];
  const sorted = tags.sort(
    (one, other) =>
      Number(one[2]) - Number(other[2]) ||
      Number(one[3]) - Number(other[3]) ||
      Number(one[4]) - Number(other[4]),
  );
  const newest = sorted.at(-1)?.[1];
  if (newest === undefined) throw new Trouble(`${source} has no release yet; --to takes a branch as well`);
  return newest;
}

/** Files of the release that somebody changed; none where git does not know. */
export async function editedFiles(project: string): Promise<string[]> {
  if (!existsSync(join(project, ".git"))) return [];
  const { code, output } = await ran("git", ["-C", project, "status", "--porcelain", "--untracked-files=no"]);
  if (code !== 0) return [];
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.slice(3));
}

async function must(otherwise: string, program: string, args: readonly string[]): Promise<string> {
  const { code, output, complaint } = await ran(program, args);
  if (code !== 0) throw new Trouble(`${otherwise}: ${complaint.trim()}`);
  return output;
}

async function ran(program: string, args: readonly string[]) {
  const child = startProgram(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
  });
  const ended = new Promise<number>((done) => {
    child.once("error", () => done(127));
    child.once("close", (code) => done(code ?? 1));
  });
  const [output, complaint, code] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    ended,
  ]);
  return { code, output, complaint };
}
