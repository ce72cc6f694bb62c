// The Worker as it would be uploaded, under bare workerd, with its objects on disk: what benchmarks measure and drills
// kill. D1 is a database in a second workerd, so that neither its processor time nor its end are the Worker's.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureAuthority } from "../authority.ts";
import { buildBundle } from "../budget/bundle.ts";
import { type RequestInput, request } from "../request.ts";
import { makeSecret } from "../secrets.ts";
import { Trouble } from "../trouble.ts";
import { readWorkerSettings } from "../worker-settings.ts";
import { configOf, type WorkerPlan } from "./config.ts";
import { edgemdmPlan } from "./plan.ts";
import { Workerd } from "./workerd.ts";

export class BareServer {
  readonly token = makeSecret("ADMIN_TOKEN");
  readonly #folder: string;
  readonly #variables: Readonly<Record<string, string>>;
  #database: Workerd | undefined;
  #databasePort = 0;
  #worker: Workerd | undefined;
  readonly #ports: Record<string, number> = {};

  private constructor(folder: string, variables: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#variables = variables;
  }

  /** Builds into an empty folder and starts; an authority is there, and nobody is enrolled. `beside` runs in the same process. */
  static async start(
    project: string,
    folder: string,
    beside: readonly WorkerPlan[] = [],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<BareServer> {
    const server = new BareServer(folder, variables);
    await server.#prepare(project, beside);
    await server.startDatabase();
    await server.#migrate(project);
    await server.startWorker();
    await ensureAuthority((path, input) => server.request(path, input));
    return server;
  }

  get origin(): string {
    return this.worker.originOf("edgemdm");
  }

  get worker(): Workerd {
    if (!this.#worker) throw new Error("the Worker is not running");
    return this.#worker;
  }

  get database(): Workerd {
    if (!this.#database) throw new Error("the database is not running");
    return this.#database;
  }

  request(path: string, input: RequestInput = {}) {
    return request(`${this.origin}${path}`, { token: this.token, ...input });
  }

  /** Gives a device a command, without waking it. */
  async queue(deviceId: string, command: Uint8Array<ArrayBuffer>): Promise<Response> {
    return fetch(`${this.origin}/api/v1/devices/${encodeURIComponent(deviceId)}/commands?push=false`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/xml" },
      body: command,
      signal: AbortSignal.timeout(20_000),
    });
  }

  /** On the ports it had before, and the state it left. */
  async startWorker(): Promise<void> {
    this.#worker = await Workerd.start(join(this.#folder, "worker.capnp"), {
      sockets: this.#ports,
      externals: { database: this.#databasePort },
    });
    for (const name of Object.keys(this.#ports)) this.#ports[name] = this.worker.portOf(name);
  }

  async killWorker(): Promise<void> {
    await this.#worker?.kill();
  }

  async startDatabase(): Promise<void> {
    this.#database = await Workerd.start(join(this.#folder, "database.capnp"), {
      sockets: { database: this.#databasePort },
    });
    this.#databasePort = this.#database.portOf("database");
  }

  async killDatabase(): Promise<void> {
    await this.#database?.kill();
  }

  async stop(): Promise<void> {
    await Promise.all([this.killWorker(), this.killDatabase()]);
  }

  /** How many questions the database was asked so far. */
  async questions(): Promise<number> {
    return (await fetch(`${this.#database?.originOf("database")}/questions`)).json() as Promise<number>;
  }

  /** Rows of the directory, asked of the database itself. */
  async rows<Row>(sql: string, ...params: (string | number)[]): Promise<Row[]> {
    const url = `${this.#database?.originOf("database")}/query`;
    const answer = await fetch(url, { method: "POST", body: JSON.stringify({ sql, params }) });
    const said = (await answer.json()) as { results: Row[] }[] | { error: string };
    if (!Array.isArray(said)) throw new Trouble(`the database does not take ${sql}: ${said.error}`);
    return said[0]?.results ?? [];
  }

  async #prepare(project: string, beside: readonly WorkerPlan[]): Promise<void> {
    const { compatibilityDate } = readWorkerSettings(project);
    await buildBundle(project, join(this.#folder, "bundle"));
    const write = (name: string, workers: readonly WorkerPlan[]): void => {
      for (const worker of workers) copyFileSync(worker.module, join(this.#folder, `${worker.name}.js`));

      const state = join(this.#folder, `${name}-state`);
      mkdirSync(state);
      const config = configOf(workers, state, compatibilityDate);
      writeFileSync(join(this.#folder, `${name}.capnp`), config, { mode: 0o600 });
    };
    const standIn = join(import.meta.dirname, "database-worker.js");
    write("database", [{ name: "database", module: standIn, objects: { DATABASE: "Database" } }]);
    const bundle = join(this.#folder, "bundle/index.js");
    const workers = [edgemdmPlan(bundle, { ADMIN_TOKEN: this.token, ...this.#variables }), ...beside];
    write("worker", workers);
    for (const { name } of workers) this.#ports[name] = 0;
  }

  async #migrate(project: string): Promise<void> {
    const folder = join(project, "migrations");
    // As wrangler keeps the record.
    await this.rows("CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT UNIQUE)");
    const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
    for (const file of files.sort()) {
      const statements = readFileSync(join(folder, file), "utf8").split("--> statement-breakpoint");
      for (const statement of statements) await this.rows(statement);
      await this.rows("INSERT INTO d1_migrations (name) VALUES (?)", file);
    }
  }
}
