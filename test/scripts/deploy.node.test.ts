import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { onlyThisKey, unopened } from "../../scripts/master-key.ts";
import { FakeCloudflare } from "../support/node/fake-cloudflare.ts";
import { type Ended, ProjectCopy } from "../support/node/project-copy.ts";

let cloud: FakeCloudflare;
let copy: ProjectCopy;

async function begin(): Promise<void> {
  cloud = new FakeCloudflare();
  await cloud.listen();
  copy = new ProjectCopy();
  mkdirSync(temporary());
  const settings = copy.read("wrangler.toml").replace('PUBLIC_URL = ""', `PUBLIC_URL = "${cloud.origin}"`);
  writeFileSync(copy.path("wrangler.toml"), settings);
}

async function end(): Promise<void> {
  cloud.close();
  await copy.remove();
}

const deploy = (...args: string[]): Promise<Ended> =>
  copy.script(["deploy", ...args], { env: { ...cloud.environment, TMPDIR: temporary() } }).ends();
// Other tests deploy at the same time: what this one leaves behind is looked for in a folder of its own.
const temporary = () => copy.path("temporary");
const recovery = () => JSON.parse(copy.read("edgemdm-recovery.json"));
const secrets = () => Object.fromEntries(cloud.scripts.get("edgemdm")?.secrets ?? []);
/** Each once, at its first time. */
const callsInOrder = () => [
  ...new Set(cloud.calls.map((call) => call.replace(/database\/.*/, "database/query"))),
];
const leftovers = () => readdirSync(temporary()).filter((name) => name.startsWith("edgemdm-deploy-"));

describe("from the first deployment on", () => {
  beforeAll(begin);
  afterAll(end);

  test("a first deployment that fails on its way is finished by the next; later ones change only the code", async () => {
    cloud.breakAt = /^PUT .*scripts\/edgemdm$/;

    const asked = await deploy("--location", "weur");

    expect([asked.code, cloud.calls]).toEqual([1, []]);
    expect(asked.output).toContain("this is the first deployment, and nobody is here to be asked");
    expect(existsSync(copy.path("edgemdm-recovery.json"))).toBe(false);

    const settings = copy.read("wrangler.toml");
    copy.emptyWorker();
    const broken = await deploy("--location", "weur", "--yes");

    expect(broken.code).toBe(1);
    expect(broken.output).toContain("the Worker edgemdm could not be deployed:");
    const { MASTER_KEY, ADMIN_TOKEN, worker } = recovery();
    expect(worker).toBe("edgemdm");
    expect(Buffer.from(MASTER_KEY, "base64")).toHaveLength(32);
    expect(statSync(copy.path("edgemdm-recovery.json")).mode & 0o777).toBe(0o600);
    expect(cloud.scripts.size).toBe(0);
    expect(cloud.databases.get("edgemdm")?.location).toEqual({ primary_location_hint: "weur" });
    expect(callsInOrder()).toEqual([
      "POST /d1/database",
      "POST /d1/database/query",
      "PUT /workers/scripts/edgemdm",
    ]);

    // The Worker as it is: this once.
    writeFileSync(copy.path("wrangler.toml"), settings);
    cloud.calls.length = 0;
    const finished = await deploy("--yes");

    expect(finished.code).toBe(0);
    expect(finished.output).toContain(`edgemdm is live at ${cloud.origin}`);
    expect(secrets()).toEqual({ MASTER_KEY, ADMIN_TOKEN });
    expect(callsInOrder().slice(0, 4)).toEqual([
      "POST /d1/database/query",
      "POST /workers/scripts/edgemdm/assets-upload-session",
      "POST /workers/assets/upload",
      "PUT /workers/scripts/edgemdm",
    ]);
    const files = cloud.scripts.get("edgemdm")?.files ?? new Map();
    const page = String(files.get("/console/page.html"));
    const program = /src="(\/console\/\w+\/main\.js)"/.exec(page)?.[1] ?? "no program";
    expect(files.get(program)?.length).toBeGreaterThan(1000);
    // Rules and what is half written are no files of the console.
    expect([...files.keys()].filter((path) => !path.startsWith("/console/"))).toEqual([]);
    expect(cloud.calls.at(-1)).toBe("POST /api/v1/authorities");
    const [authority] = cloud.authorities;
    const certificate = new X509Certificate(String(authority?.certificate));
    expect(certificate.ca).toBe(true);
    expect(certificate.subject).toContain("O=Example");
    expect(authority?.private_key).toContain("-----BEGIN PRIVATE KEY-----");

    copy.emptyCode();
    const later = await deploy();

    expect(later.code).toBe(0);
    expect(later.output).not.toContain("/console/ is not there");
    expect(later.output).toContain("database     edgemdm is there");
    expect(later.output).toContain(`${cloud.origin} answers devices itself`);
    expect(recovery()).toMatchObject({ MASTER_KEY, ADMIN_TOKEN });
    expect(secrets()).toEqual({ MASTER_KEY, ADMIN_TOKEN });
    expect(cloud.authorities).toHaveLength(1);
    expect(cloud.scripts.get("edgemdm")?.uploads).toBe(2);
    // Files go up side by side, in whatever order they arrive.
    expect([...(cloud.scripts.get("edgemdm")?.files.keys() ?? [])].sort()).toEqual([...files.keys()].sort());

    for (const { output } of [broken, finished, later]) {
      expect(output).not.toContain(MASTER_KEY);
      expect(output).not.toContain(ADMIN_TOKEN);
    }
    expect(leftovers()).toEqual([]);
  });

  test("a Worker that says that its MASTER_KEY opens nothing is not called live", async () => {
    copy.emptyWorker();
    cloud.unready = [
      { name: "MASTER_KEY", problem: "values are sealed under master key 0a0b0c0d", remedy: "set it" },
    ];

    const { code, output } = await deploy();
    cloud.unready = [];

    expect(code).toBe(1);
    expect(output).toContain(
      "the MASTER_KEY in the Worker edgemdm is not the right one: values are sealed under master key 0a0b0c0d. set it",
    );
  });

  test("a challenge in front of the deployed Worker is told with its remedy", async () => {
    cloud.front = {
      status: 403,
      headers: { "Content-Type": "text/html", "cf-mitigated": "challenge" },
      body: "<title>Just a moment...</title>",
    };

    const { code, output } = await deploy();
    const tested = await copy.script(["selftest", "--url", cloud.origin]).ends();
    cloud.front = undefined;

    expect(code, "it is deployed all the same").toBe(0);
    expect(output).toContain("PUT /mdm: it answered 403 with a challenge of Cloudflare's");
    expect(output).toContain("turn Bot Fight Mode off");
    expect(tested).toMatchObject({
      code: 1,
      output: expect.stringContaining("devices do not reach this server."),
    });
  });

  test("a recovery file with another MASTER_KEY than the database was sealed under is not uploaded", async () => {
    const right = recovery();
    const sql = cloud.databases.get("edgemdm")?.sql;
    sql?.exec(await onlyThisKey(right.MASTER_KEY));
    cloud.scripts.clear();
    cloud.calls.length = 0;
    const wrong = { ...right, MASTER_KEY: Buffer.alloc(32, 7).toString("base64") };
    writeFileSync(copy.path("edgemdm-recovery.json"), JSON.stringify(wrong));

    const refused = await deploy("--yes");

    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(
      /the MASTER_KEY in edgemdm-recovery\.json is not the one that the secrets in the database edgemdm are sealed under \(master key [0-9a-f]{8}\)/,
    );
    expect(cloud.calls.filter((call) => call.startsWith("PUT"))).toEqual([]);

    writeFileSync(copy.path("edgemdm-recovery.json"), JSON.stringify(right));
    expect((await deploy("--yes")).code).toBe(0);

    rmSync(copy.path("edgemdm-recovery.json"));
    cloud.scripts.clear();
    expect((await deploy("--yes", "--new-master-key")).code).toBe(0);
    expect(await unopened(recovery().MASTER_KEY, markersOf(sql))).toEqual([]);
    expect(markersOf(sql)).toHaveLength(1);
  });
});

describe("an empty Worker", () => {
  beforeEach(async () => {
    await begin();
    copy.emptyWorker();
  });
  afterEach(end);

  test("a Worker that has its secrets keeps them when the recovery file is gone", async () => {
    cloud.addDatabase("edgemdm");
    cloud.addScript("edgemdm", { MASTER_KEY: "theirs", ADMIN_TOKEN: "also theirs" });

    const { code, output } = await deploy();

    expect(code).toBe(0);
    expect(output).toContain("WARNING: edgemdm-recovery.json is not here or lacks MASTER_KEY");
    expect(output).toContain("ADMIN_TOKEN is not in edgemdm-recovery.json");
    expect(secrets()).toEqual({ MASTER_KEY: "theirs", ADMIN_TOKEN: "also theirs" });
    expect(output).not.toContain("Store a copy");
    expect(existsSync(copy.path("edgemdm-recovery.json"))).toBe(false);
  });

  test("a question that Cloudflare does not answer is not taken for a Worker without secrets", async () => {
    cloud.addScript("edgemdm", { MASTER_KEY: "theirs" });
    cloud.breakAt = /^GET .*scripts\/edgemdm\/secrets$/;

    const { code, output } = await deploy();

    expect(code).toBe(1);
    expect(output).toContain("Cloudflare did not list the secrets of edgemdm:");
    expect(cloud.calls).toEqual([]);
    expect(existsSync(copy.path("edgemdm-recovery.json"))).toBe(false);
  });

  test("a dry run shows each step and changes nothing, with an account and without, and where npm took its flag", async () => {
    const looked = await deploy("--dry-run", "--jurisdiction", "eu");
    const { CLOUDFLARE_API_TOKEN: _, ...stranger } = cloud.environment;
    const home = { HOME: copy.folder, XDG_CONFIG_HOME: copy.folder };
    const env = { ...stranger, ...home, npm_config_dry_run: "true" };
    const dreamt = await copy.script(["deploy", "--yes"], { env }).ends();

    expect(looked).toMatchObject({
      code: 0,
      output: expect.stringContaining("create edgemdm --jurisdiction eu"),
    });
    expect(dreamt.output).toContain("not logged in to Cloudflare: run npx wrangler login");
    for (const { code, output } of [looked, dreamt]) {
      expect(code).toBe(0);
      expect(
        output.match(/^ {2}(secrets|database|migrations|Worker|authority|from outside) /gm),
      ).toHaveLength(6);
      expect(output).toContain("Nothing was changed.");
    }
    expect(cloud.calls).toEqual([]);
    expect(existsSync(copy.path("edgemdm-recovery.json"))).toBe(false);
  });
});

const markersOf = (sql: DatabaseSync | undefined) =>
  (sql?.prepare("SELECT key_id, marker FROM master_keys").all() ?? []) as {
    key_id: string;
    marker: string;
  }[];
