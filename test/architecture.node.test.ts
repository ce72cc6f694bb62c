import { globSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";

// The floors of the house (docs/architecture.md). A folder may import from the floors below it, and from the
// neighbours named here; never upwards, never in a circle.
const floors: readonly (readonly string[])[] = [
  ["base", "env"],
  ["plist", "pki", "catalog"],
  [
    "mdm",
    "declarations",
    "profiles",
    "scep",
    "acme",
    "ade",
    "business-api",
    "apps",
    "apps-and-books",
    "package-files",
    "apns",
    "gdmf",
    "mcp",
  ],
  ["db"],
  [
    "admin",
    "events",
    "enrollment",
    "push",
    "inventory",
    "rollouts",
    "library",
    "assignment",
    "device",
    "commands",
    "apple-business",
    "licences",
    "packages",
    "jobs",
    "backup",
    "webhooks",
    "problems",
    "people",
    "posture",
    "releases",
    "mail",
    "sign-in",
    "systems",
    "selftest",
  ],
  ["http", "cron"],
  ["app", "index"],
];

const neighbours: Record<string, readonly string[]> = {
  env: ["base"],
  catalog: ["plist"],
  // Variables are filled in alike in profiles and declarations.
  profiles: ["mdm"],
  // Our own TLS, and requests over it.
  gdmf: ["apns", "mdm"],
  // What a device says before it enrolls is read like its other messages.
  ade: ["mdm"],
  // Apple's answers are read with the same bounds.
  "business-api": ["ade"],
  "apps-and-books": ["ade"],
  // What devices report of apps, and what their systems take.
  apps: ["declarations", "mdm"],
  // Whether a model can run what is wanted of it.
  enrollment: ["admin", "apple-business", "systems"],
  // How administrators sign in.
  admin: ["sign-in"],
  push: ["admin", "events"],
  // Never the device: its object asks here what it should have.
  assignment: ["admin", "enrollment", "events", "library", "licences", "rollouts", "systems"],
  // A change of the library begins its rollout in the same write.
  library: ["events", "rollouts"],
  rollouts: ["admin", "events"],
  // For a token that Apple's portal must know: by the account that has the device.
  device: [
    "admin",
    "apple-business",
    "events",
    "enrollment",
    "inventory",
    "assignment",
    "licences",
    "packages",
    "push",
  ],
  commands: ["admin", "events", "enrollment", "inventory", "assignment", "device"],
  "apple-business": ["events"],
  // Devices that wait for a licence look again at what they should have.
  licences: ["apple-business", "events", "library"],
  // Devices with an app whose file is another one now look again at what they should have.
  packages: ["events", "library"],
  webhooks: ["events"],
  problems: [
    "admin",
    "apple-business",
    "events",
    "enrollment",
    "releases",
    "systems",
    "selftest",
    "webhooks",
  ],
  jobs: [
    "admin",
    "events",
    "assignment",
    "library",
    "licences",
    "packages",
    "rollouts",
    "device",
    "webhooks",
    "problems",
    "mail",
    "releases",
    "systems",
    "selftest",
  ],
  backup: ["device", "jobs"],
  people: ["events", "library", "sign-in"],
  posture: ["admin", "assignment"],
  mail: ["admin", "problems"],
  index: ["app"],
};

const src = resolve(import.meta.dirname, "../src");
const room = (path: string): string => relative(src, path).replace(/\.ts$/, "").split("/")[0] ?? "";
const floorOf = (name: string): number => floors.findIndex((floor) => floor.includes(name));

type Import = {
  file: string;
  target: string;
  from: string;
  to: string;
  /** Gone when it runs. */
  inTypes: boolean;
  /** By an `import()`. */
  later: boolean;
};

const files = globSync("**/*.ts", { cwd: src }).filter((file) => !file.endsWith(".d.ts"));

/** Every import of a file of ours: of types and while running as well. */
const imports: Import[] = files.flatMap((file) => {
  const path = resolve(src, file);
  const found = readFileSync(path, "utf8").matchAll(
    /(?:(import|export)\s(type\s)?[^;"]*?from|(import\())\s*"(\.[^"]+\.ts)"/g,
  );
  return [...found].map((match) => {
    const target = resolve(dirname(path), match[4] ?? "");
    return {
      file,
      target: relative(src, target),
      from: room(path),
      to: room(target),
      inTypes: match[2] !== undefined,
      later: match[3] !== undefined,
    };
  });
});

/** Groups that can be walked in a circle (Tarjan's strongly connected components). */
function circles(edges: readonly (readonly [from: string, to: string])[]): string[][] {
  const next = new Map<string, string[]>();
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const low = (node: string): number => lowest.get(node) ?? 0;
  function visit(node: string): void {
    const number = numbers.size;
    numbers.set(node, number);
    lowest.set(node, number);
    stack.push(node);
    for (const other of next.get(node) ?? []) {
      if (!numbers.has(other)) visit(other);
      if (stack.includes(other)) lowest.set(node, Math.min(low(node), low(other)));
    }
    if (low(node) !== number) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) found.push(group.sort());
  }
  for (const node of next.keys()) if (!numbers.has(node)) visit(node);
  return found;
}

test("no file imports itself by way of others, be it for a type or while running", () => {
  expect(circles(imports.map(({ file, target }) => [file, target]))).toEqual([]);
});

test("neighbours stand in no circle", () => {
  const pairs = Object.entries(neighbours).flatMap(([from, tos]) => tos.map((to) => [from, to] as const));

  expect(circles(pairs)).toEqual([]);
});

test("every neighbour that is named is imported", () => {
  const unused = Object.entries(neighbours).flatMap(([from, tos]) =>
    tos
      .filter((to) => !imports.some((one) => one.from === from && one.to === to))
      .map((to) => `${from}: ${to}`),
  );

  expect(unused).toEqual([]);
});

test("every folder stands on a floor", () => {
  const homeless = [...new Set(imports.flatMap(({ from, to }) => [from, to]))].filter(
    (name) => floorOf(name) < 0,
  );

  expect(homeless, "folders that no floor names").toEqual([]);
});

test.each(["README.md", "docs/architecture.md"])("%s shows each folder on its floor", (page) => {
  const shown = readFileSync(resolve(src, "..", page), "utf8")
    .split("\n")
    .filter((line) => /^\| (app|doors|domain|storage|protocol|ground) /.test(line))
    .map((line) => [...(line.split("|")[2] ?? "").matchAll(/`([^`]+)`/g)].map(([, folder]) => folder));
  const [base = [], ground = [], ...above] = floors;

  expect(shown.reverse().map((floor) => floor.toSorted())).toEqual(
    [[...base, ...ground], ...above].map((floor) => floor.toSorted()),
  );
});

test("a folder imports only from below, or from a neighbour it names", () => {
  const broken = imports
    .filter(({ from, to }) => from !== to && floorOf(to) >= floorOf(from))
    .filter(({ from, to }) => !(floorOf(to) === floorOf(from) && neighbours[from]?.includes(to)))
    .map(({ file, from, to }) => `${file}: ${from} may not import ${to}`);

  expect(broken).toEqual([]);
});

/** A statement, however it is quoted and broken into lines. */
const sqlText =
  /["`]\s*(SELECT\s[^"`]+?\sFROM|INSERT (OR \w+ )?INTO|REPLACE INTO|UPDATE [\w.${}]+ SET|DELETE FROM|(CREATE|DROP|ALTER) (UNIQUE )?(TABLE|INDEX)|WITH \w+ AS|PRAGMA)\s/;

test.each([
  '"SELECT count(*) AS n FROM devices"',
  "`\n      SELECT id,\n        name FROM devices`",
  "sql`SELECT name FROM sets`",
  '"INSERT OR REPLACE INTO later (id) VALUES (?)"',
  `\`UPDATE \${table} SET due_at = 0\``,
  '"DELETE FROM later WHERE due_at = 0"',
  "`CREATE UNIQUE INDEX one ON two (three)`",
  "sql.exec(`WITH latest AS (SELECT 1) SELECT * FROM latest`)",
])("%s is known as SQL", (text) => {
  expect(text).toMatch(sqlText);
});

test.each(['"Select a device from the list"', '"UPDATE of a profile"', "`created table`"])(
  "%s is not taken for SQL",
  (text) => {
    expect(text).not.toMatch(sqlText);
  },
);

/**
 * What a device's request runs is our own; what people, scripts and jobs do runs on pkijs and @peculiar/x509. They are
 * loaded when one of these files calls them, and at no other time.
 */
const callersOfLibraries = [
  "apns/certificate-request.ts",
  "apple-business/key-pair.ts",
  "enrollment/escrow-certificates.ts",
  "enrollment/new-authority.ts",
  "enrollment/read-authority.ts",
  "enrollment/revocation-list.ts",
  "enrollment/sign-profile.ts",
  "enrollment/signing-certificates.ts",
  "push/manage-requests.ts",
  "push/read-certificate.ts",
  "push/read-vendor.ts",
];

test("the libraries for certificates are loaded by those who are named, and only when they call", () => {
  const isLibrary = (file: string) => file.startsWith("pki/libraries/");
  const callers = imports.filter(({ file, target }) => isLibrary(target) && !isLibrary(file));
  const atStart = callers.filter(({ inTypes, later }) => !inTypes && !later).map(({ file }) => file);
  const whenCalled = callers.filter(({ later }) => later).map(({ file }) => file);

  expect(atStart).toEqual([]);
  expect([...new Set(whenCalled)].sort()).toEqual([...callersOfLibraries].sort());
});

test("only the ground knows the big libraries, only doors know Hono, only db and stores know SQL", () => {
  const rules: [RegExp, RegExp, string][] = [
    [/"(pkijs|asn1js|@peculiar\/x509|reflect-metadata)"/, /^pki\/libraries\//, "pki/libraries"],
    [/from "fast-xml-parser"/, /^plist\//, "plist"],
    [/from "hono/, /^(http|app|index)/, "http"],
    [/from "drizzle-orm/, /^db\//, "db"],
    [/from "cloudflare:sockets"/, /client\.ts$/, "a client.ts"],
    [sqlText, /^(db\/|device\/(store|schema)\/|([\w-]+\/)+[\w-]*store\.ts)/, "db or a store"],
    [/from "jose"/, /^sign-in\//, "sign-in"],
  ];
  const broken = files.flatMap((file) => {
    const text = readFileSync(resolve(src, file), "utf8");
    return rules
      .filter(([use, home]) => use.test(text) && !home.test(file))
      .map(([, , home]) => `${file}: that import belongs in ${home}`);
  });

  expect(broken).toEqual([]);
});
