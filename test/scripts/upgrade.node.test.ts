import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { overlay } from "../../scripts/deploy/deployment-file.ts";
import { FakeCloudflare } from "../support/node/fake-cloudflare.ts";
import { type Ended, ProjectCopy } from "../support/node/project-copy.ts";

let cloud: FakeCloudflare;
let copy: ProjectCopy;

beforeEach(async () => {
  cloud = new FakeCloudflare();
  await cloud.listen();
  copy = new ProjectCopy(["CHANGELOG.md"]);
  copy.emptyWorker();
  write("deployment.json", {
    name: "acme-mdm",
    database: "acme",
    location: "weur",
    variables: { PUBLIC_URL: cloud.origin },
  });
});
afterEach(async () => {
  cloud.close();
  await copy.remove();
});

const write = (name: string, value: unknown) =>
  writeFileSync(copy.path(name), typeof value === "string" ? value : JSON.stringify(value));
const script = (...args: string[]): Promise<Ended> => copy.script(args, { env: cloud.environment }).ends();

/** The project as it is, with another version, a line of news and a migration, packed. */
function releaseFile(version: string): string {
  const folder = copy.path("releases/edgemdm");
  mkdirSync(folder, { recursive: true });
  for (const name of ["src", "scripts", "migrations", "tsconfig.json", "wrangler.toml"])
    execFileSync("cp", ["-r", copy.path(name), folder]);
  const settings = { ...JSON.parse(copy.read("package.json")), version };
  writeFileSync(join(folder, "package.json"), JSON.stringify(settings));
  writeFileSync(
    join(folder, "CHANGELOG.md"),
    `${copy.read("CHANGELOG.md")}\n- Phones are answered twice as fast.\n`,
  );
  writeFileSync(join(folder, "migrations/9999_more.sql"), "CREATE TABLE more (id INTEGER PRIMARY KEY);\n");
  const file = copy.path("release.tgz");
  execFileSync("tar", ["-czf", file, "-C", copy.path("releases"), "edgemdm"]);
  rmSync(copy.path("releases"), { recursive: true });
  return file;
}

test("a release is looked at, backed up before, deployed, tested from outside, and taken back", async () => {
  const first = await script("deploy", "--yes");
  expect(first.code, first.output).toBe(0);
  expect([...cloud.scripts.keys()]).toEqual(["acme-mdm"]);
  expect(cloud.databases.get("acme")?.location).toEqual({ primary_location_hint: "weur" });
  const before = JSON.parse(copy.read("package.json")).version;
  const file = releaseFile("9.1.0");

  const looked = await script("upgrade", "--from", file, "--dry-run");
  expect(looked.output).toContain(`From ${before} to 9.1.0`);
  expect(looked.output).toContain("- Phones are answered twice as fast.");
  expect(looked.output).toContain("migrations   9999_more.sql");
  expect(looked).toMatchObject({ code: 0, output: expect.stringContaining("Nothing was changed.") });
  expect(JSON.parse(copy.read("package.json")).version).toBe(before);
  const asked = await script("upgrade", "--from", file);
  expect(asked).toMatchObject({ code: 1, output: expect.stringContaining("nobody is here to be asked") });

  const done = await script("upgrade", "--from", file, "--yes");

  expect(done.code, done.output).toBe(0);
  expect(done.output).toContain("acme-mdm is 9.1.0. To go back: npm run upgrade -- --back");
  expect(done.output).toContain(`${cloud.origin} answers devices itself`);
  expect(readdirSync(copy.path("backups"))).toEqual([expect.stringMatching(/^before-upgrade-.*\.ndjson$/)]);
  expect(cloud.databases.get("acme")?.sql.prepare("SELECT count(*) AS n FROM more").get()).toEqual({ n: 0 });
  expect(cloud.scripts.get("acme-mdm")?.uploads).toBe(2);
  expect(JSON.parse(copy.read("package.json")).version).toBe("9.1.0");
  expect(existsSync(copy.path("deployment.json"))).toBe(true);

  cloud.front = {
    status: 302,
    headers: { Location: "https://acme.cloudflareaccess.com/cdn-cgi/access/login" },
    body: "",
  };
  const back = await script("upgrade", "--back", "--yes");
  expect(back).toMatchObject({ code: 1, output: expect.stringContaining("take Cloudflare Access away") });
  cloud.front = undefined;
  const again = await script("upgrade", "--back", "--yes");

  expect(again.code, again.output).toBe(0);
  expect(again.output).toContain(`acme-mdm is ${before} again.`);
  expect(JSON.parse(copy.read("package.json")).version).toBe(before);
  expect(existsSync(copy.path("migrations/9999_more.sql"))).toBe(false);
});

test("edited files of the release, a file that is none, and a wrong deployment.json are refused in a sentence", async () => {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", copy.folder, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args]);
  git("init", "--quiet");
  git("add", "wrangler.toml", "package.json");
  git("commit", "--quiet", "-m", "as it came");
  write("wrangler.toml", `${copy.read("wrangler.toml")}\n# mine\n`);

  const edited = await script("upgrade", "--from", "x.tgz");
  git("checkout", "--quiet", "wrangler.toml");
  const none = await script("upgrade", "--from", "x.tgz", "--yes");
  write("deployment.json", { domian: "mdm.example.com" });
  const misspelt = await script("deploy", "--dry-run");
  write("deployment.json", { domain: "https://mdm.example.com/" });
  const noHost = await script("deploy", "--dry-run");

  expect(edited).toMatchObject({
    code: 1,
    output: expect.stringContaining("wrangler.toml. What differs between"),
  });
  expect(none).toMatchObject({ code: 1, output: expect.stringContaining("the file could not be unpacked") });
  expect(misspelt).toMatchObject({ code: 1, output: expect.stringContaining("did you mean domain?") });
  expect(noHost).toMatchObject({ code: 1, output: expect.stringContaining("domain is a host name such as") });
});

test("what deployment.json says is laid over wrangler.toml, and the rest stays", () => {
  const config = {
    name: "edgemdm",
    main: "src/index.ts",
    vars: { PUBLIC_URL: "", PUSH_PORT: "443" },
    d1_databases: [{ binding: "DB", database_name: "edgemdm", migrations_dir: "migrations" }],
  };

  expect(overlay(config, { domain: "mdm.example.com", variables: { PUSH_PORT: "2197" } })).toEqual({
    ...config,
    vars: { PUBLIC_URL: "", PUSH_PORT: "2197" },
    routes: [{ pattern: "mdm.example.com", custom_domain: true }],
  });
  expect(overlay(config, {})).toEqual(config);
  const withBucket = overlay(config, { bucket: "our-packages" });
  expect(withBucket).toEqual({
    ...config,
    r2_buckets: [{ binding: "PACKAGES", bucket_name: "our-packages" }],
  });
  expect(overlay(withBucket, { bucket: "another" })).toEqual(withBucket);
});
