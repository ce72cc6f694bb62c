import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askDescription } from "../../scripts/client/ask-description.ts";
import { buildClient } from "../../scripts/client/make.ts";
import { accessOf, type Description, repeatableOf, typesOf } from "../../scripts/client/types.ts";
import { builtWorker } from "../support/node/built-worker.ts";

// What is made of the API's description is as new as the API, and other people's programs can use it.

const project = resolve(import.meta.dirname, "../..");
const client = join(project, "client");
const folder = mkdtempSync(join(tmpdir(), "edgemdm-client-"));
let description: Description;

beforeAll(async () => {
  description = await askDescription(await builtWorker());
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (path: string): string => readFileSync(join(client, path), "utf8");

test("the types are those of the API: after a change of it, npm run client makes them again", () => {
  expect(read("src/repeatable.ts")).toBe(repeatableOf(description));
  expect(readFileSync(join(project, "console/src/api/access.ts"), "utf8")).toBe(accessOf(description));
  // Not by toBe, which would print both in full.
  expect(read("api.d.ts") === typesOf(description), "client/api.d.ts is old: npm run client").toBe(true);
});

test("what is built is built from the source: after a change of it, npm run client builds it again", () => {
  const fresh = join(folder, "built");
  buildClient(client, fresh);

  const files = readdirSync(fresh).sort();
  expect(readdirSync(join(client, "built")).sort()).toEqual(files);
  for (const file of files) expect(read(`built/${file}`), file).toBe(readFileSync(join(fresh, file), "utf8"));
});

test("a project that installs the package compiles and runs with it", () => {
  const home = join(folder, "project");
  const installed = join(home, "node_modules/edgemdm");
  mkdirSync(installed, { recursive: true });
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: project,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ filename }] = JSON.parse(packed);
  execFileSync("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components=1"]);
  writeFileSync(join(home, "package.json"), '{"type": "module"}');
  writeFileSync(
    join(home, "program.ts"),
    `import { Client, ProblemError, UnreachableError, type Operations, type Schemas } from "edgemdm/client";
const mdm = new Client({ origin: "http://127.0.0.1:9", token: "t", tries: 1 });
type Device = Schemas["Device"];
const filter: Operations["get"]["/devices"]["query"] = { platform: "ios", limit: 5 };
async function names(): Promise<(string | null)[]> {
  const all: Device[] = [];
  for await (const device of mdm.list("/devices", { query: filter })) all.push(device);
  return all.map(({ name }) => name);
}
// @ts-expect-error the address needs an id
const noId = () => mdm.get("/devices/{id}");
// @ts-expect-error there is no such address
const noAddress = () => mdm.get("/device");
// @ts-expect-error there is no such platform
const noPlatform = () => mdm.get("/devices", { query: { platform: "linux" } });
// @ts-expect-error this is no list
const noList = () => mdm.list("/summary");
// @ts-expect-error a device has no such field
const noField = (device: Device) => device.nonsense;
names().catch((fault) => console.log(fault instanceof UnreachableError, fault instanceof ProblemError));
`,
  );

  const compiler = join(project, "node_modules/typescript/bin/tsc");
  const strict = ["--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"];
  execFileSync(process.execPath, [compiler, ...strict, "program.ts"], { cwd: home, stdio: "inherit" });
  const ran = execFileSync(process.execPath, ["program.js"], { cwd: home, encoding: "utf8" });

  expect(ran).toBe("true false\n");
});
