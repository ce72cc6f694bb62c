// What a deployment asks of Cloudflare, each one call of wrangler. A failed question is never taken for a "no":
// a script that took a network fault for a Worker without secrets would replace its master key.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Trouble, writing } from "../trouble.ts";
import type { WorkerSettings } from "../worker-settings.ts";
import { complaintOf, runWrangler, type WranglerRun } from "../wrangler.ts";
import type { Cloud, Plan } from "./plan.ts";

export type KeyMarker = { key_id: string; marker: string };

export class NotLoggedIn extends Trouble {}

export class Cloudflare {
  readonly #project: string;
  readonly #settings: WorkerSettings;

  constructor(project: string, settings: WorkerSettings) {
    this.#project = project;
    this.#settings = settings;
  }

  async look(): Promise<Cloud> {
    const [databases, secrets] = await Promise.all([this.#databases(), this.#secrets()]);
    return { databaseExists: databases.includes(this.#settings.database), secrets };
  }

  /** Runs statements in the database. */
  async execute(sql: string): Promise<void> {
    const { database } = this.#settings;
    await this.#must(`the database ${database} did not take a change`, [
      ...["d1", "execute", "DB", "--remote", "--yes"],
      ...["--json", "--command", sql],
    ]);
  }

  async createDatabase(place: readonly string[]): Promise<void> {
    const { database } = this.#settings;
    await this.#must(`the database ${database} could not be created`, ["d1", "create", database, ...place]);
  }

  async migrate(): Promise<void> {
    const { database } = this.#settings;
    const migrations = ["d1", "migrations", "apply", "DB", "--remote"];
    await this.#must(`the database ${database} could not be brought up to date`, migrations);
  }

  /** Uploads the Worker, and adds secrets to those it has. Returns the addresses it answers at. */
  async deploy(secrets: Plan["upload"], variables: Record<string, string>): Promise<string[]> {
    return inPrivateFolder(async (folder) => {
      const file = join(folder, "secrets.json");
      const report = join(folder, "report.ndjson");
      const some = Object.keys(secrets).length > 0;
      if (some) writing(file, () => writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 }));
      const vars = Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
      await this.#must(
        `the Worker ${this.#settings.name} could not be deployed`,
        ["deploy", ...(some ? ["--secrets-file", file] : []), ...vars],
        { WRANGLER_OUTPUT_FILE_PATH: report },
      );
      return addressesIn(readFileSync(report, "utf8"));
    });
  }

  /** Builds what would be uploaded. */
  async build(): Promise<void> {
    await this.#must("the Worker does not build", ["deploy", "--dry-run"]);
  }

  /** Markers of the master keys that the database holds values under; none where it is older than they are. */
  async markers(): Promise<KeyMarker[]> {
    const query = "SELECT key_id, marker FROM master_keys";
    const run = await this.#run([
      ...["d1", "execute", "DB", "--remote", "--yes"],
      ...["--json", "--command", query],
    ]);
    if (run.code === 0) return (JSON.parse(run.stdout) as { results: KeyMarker[] }[])[0]?.results ?? [];
    if (/no such table/.test(run.stdout + run.stderr)) return [];
    throw failed("Cloudflare did not read the database", run);
  }

  async #databases(): Promise<string[]> {
    const run = await this.#must("Cloudflare did not list the databases", ["d1", "list", "--json"]);
    return (JSON.parse(run.stdout) as { name: string }[]).map(({ name }) => name);
  }

  async #secrets(): Promise<string[] | undefined> {
    const run = await this.#run(["secret", "list", "--format", "json"]);
    if (run.code === 0) return (JSON.parse(run.stdout) as { name: string }[]).map(({ name }) => name);
    if (complaintOf(run).startsWith(`Worker "${this.#settings.name}" not found.`)) return undefined;
    throw failed(`Cloudflare did not list the secrets of ${this.#settings.name}`, run);
  }

  #run(args: string[], environment?: Record<string, string>): Promise<WranglerRun> {
    return runWrangler(this.#project, [...args, "--config", this.#settings.config], environment);
  }

  async #must(otherwise: string, args: string[], environment?: Record<string, string>): Promise<WranglerRun> {
    const run = await this.#run(args, environment);
    if (run.code === 0) return run;
    throw failed(otherwise, run);
  }
}

function failed(what: string, run: WranglerRun): Trouble {
  const complaint = complaintOf(run);
  if (/CLOUDFLARE_API_TOKEN environment variable|not logged in|Not authenticated/i.test(complaint)) {
    return new NotLoggedIn(
      "not logged in to Cloudflare: run npx wrangler login, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID",
    );
  }
  return new Trouble(`${what}:\n${complaint}`);
}

async function inPrivateFolder<Value>(use: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = writing(tmpdir(), () => mkdtempSync(join(tmpdir(), "edgemdm-deploy-")));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await use(folder);
  } finally {
    remove();
    process.off("exit", remove);
  }
}

function addressesIn(report: string): string[] {
  const entries = report
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { type: string; targets?: string[] });
  const targets = entries.find(({ type }) => type === "deploy")?.targets ?? [];
  return targets.filter((target) => target.startsWith("https://"));
}
