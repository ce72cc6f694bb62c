import { globSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";

// The floors of the house (docs/architecture.md). A folder may import from the floors below it, and from the
// neighbours named here; never upwards, never in a circle.
const floors: readonly (readonly string[])[] = [
  ["base", "env"],
  ["plist", "pki", "catalog"],
  ["mdm", "declarations", "profiles", "scep", "acme", "push", "ade"],
  ["db"],
  [
    "admin",
    "events",
    "enrollment",
    "device",
    "commands",
    "assignment",
    "inventory",
    "apple-business",
    "jobs",
    "backup",
    "wake",
  ],
  ["http", "cron"],
  ["app", "index"],
];

const neighbours: Record<string, readonly string[]> = {
  env: ["base"],
  plist: [],
  catalog: ["plist"],
  // Variables are filled in alike in profiles and declarations.
  profiles: ["mdm"],
  events: [],
  enrollment: ["admin", "events"],
  wake: ["admin", "events"],
  inventory: [],
  // Never the device, nor what hands it work: its object looks here what it should have.
  assignment: ["admin", "events", "enrollment", "inventory"],
  device: ["admin", "events", "enrollment", "assignment", "inventory", "wake"],
  commands: ["admin", "events", "enrollment", "assignment", "device", "inventory"],
  "apple-business": ["admin", "events", "enrollment", "device"],
  jobs: [
    "admin",
    "events",
    "enrollment",
    "device",
    "commands",
    "assignment",
    "inventory",
    "apple-business",
    "wake",
  ],
  backup: ["admin", "device", "jobs"],
  app: ["index"],
  index: ["app"],
};

const src = resolve(import.meta.dirname, "../src");
const room = (path: string): string => relative(src, path).replace(/\.ts$/, "").split("/")[0] ?? "";
const floorOf = (name: string): number => floors.findIndex((floor) => floor.includes(name));

const imports = globSync("**/*.ts", { cwd: src })
  .filter((file) => !file.endsWith(".d.ts"))
  .flatMap((file) => {
    const path = resolve(src, file);
    const text = readFileSync(path, "utf8");
    const targets = text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g);
    const code = [...targets].filter((match) => !match[1]?.endsWith(".json"));
    return code.map((match) => ({
      file,
      from: room(path),
      to: room(resolve(dirname(path), match[1] ?? "")),
    }));
  });

test("every folder stands on a floor", () => {
  const homeless = [...new Set(imports.flatMap(({ from, to }) => [from, to]))].filter(
    (name) => floorOf(name) < 0,
  );

  expect(homeless, "folders that no floor names").toEqual([]);
});

test("a folder imports only from below, or from a neighbour it names", () => {
  const broken = imports
    .filter(({ from, to }) => from !== to && floorOf(to) >= floorOf(from))
    .filter(({ from, to }) => !(floorOf(to) === floorOf(from) && neighbours[from]?.includes(to)))
    .map(({ file, from, to }) => `${file}: ${from} may not import ${to}`);

  expect(broken).toEqual([]);
});

test("only the ground knows the big libraries, only doors know Hono, only db and stores know SQL", () => {
  const rules: [RegExp, RegExp, string][] = [
    [/from "(pkijs|asn1js|@peculiar\/x509|reflect-metadata)"/, /^pki\//, "pki"],
    [/from "fast-xml-parser"/, /^plist\//, "plist"],
    [/from "hono/, /^(http|app|index)/, "http"],
    [/from "drizzle-orm/, /^db\//, "db"],
    [/from "cloudflare:sockets"/, /client\.ts$/, "a client.ts"],
  ];
  const broken = globSync("**/*.ts", { cwd: src }).flatMap((file) => {
    const text = readFileSync(resolve(src, file), "utf8");
    return rules
      .filter(([use, home]) => use.test(text) && !home.test(file))
      .map(([, , home]) => `${file}: that import belongs in ${home}`);
  });

  expect(broken).toEqual([]);
});
