import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { buffer } from "node:stream/consumers";
import { FakeAssets } from "./fake-assets.ts";

type Database = { uuid: string; name: string; location: unknown; sql: DatabaseSync };
type Script = {
  secrets: Map<string, string>;
  variables: Map<string, string>;
  /** What the asset layer serves, by path. */
  files: Map<string, Buffer>;
  uploads: number;
};
type Call = { method: string; path: string };
type Trouble = { code: number; message: string; status: number };

const account = "0123456789abcdef0123456789abcdef";

/**
 * As much of Cloudflare's API as a deployment speaks, refusing what the real one refuses, and the deployed Worker's
 * own API for authorities. Give wrangler `environment`; let `breakAt` make one call fail, once.
 */
export class FakeCloudflare {
  readonly databases = new Map<string, Database>();
  readonly scripts = new Map<string, Script>();
  readonly assets = new FakeAssets(refuse);
  readonly calls: string[] = [];
  authorities: Record<string, unknown>[] = [];
  /** What the deployed Worker finds wrong with itself. */
  unready: { name: string; problem: string; remedy: string }[] = [];
  /** What answers devices in place of the deployed Worker. */
  front: { status: number; headers: Record<string, string>; body: string } | undefined;
  /** The call that fails, once. */
  breakAt: RegExp | undefined;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  addDatabase(name: string, location: unknown = {}): object {
    const database = { uuid: randomUUID(), name, location, sql: new DatabaseSync(":memory:") };
    this.databases.set(name, database);
    return described(database);
  }

  addScript(name: string, secrets: Record<string, string>): void {
    this.scripts.set(name, {
      secrets: new Map(Object.entries(secrets)),
      variables: new Map(),
      files: new Map(),
      uploads: 0,
    });
  }

  /** Where the deployed Worker answers. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      CLOUDFLARE_API_BASE_URL: `${this.origin}/client/v4`,
      CLOUDFLARE_ACCOUNT_ID: account,
      CLOUDFLARE_API_TOKEN: "right-token",
    };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { pathname, searchParams } = new URL(request.url ?? "/", this.origin);
    const call = { method: request.method ?? "GET", path: pathname.replace("/client/v4", "") };
    const line = `${call.method} ${call.path.replace(`/accounts/${account}`, "")}`;
    // What the self-test asks changes nothing.
    if (call.method !== "GET" && pathname !== "/mdm") this.calls.push(line);

    try {
      if (this.breakAt?.test(line)) {
        this.breakAt = undefined;
        // Wrangler tries again after a 5xx; this one is for the script.
        refuse(10013, "An unknown error has occurred", 400);
      }
      if (!pathname.startsWith("/client/v4")) {
        if (this.front !== undefined && /^\/(mdm|scep|enroll)$/.test(pathname)) {
          response.writeHead(this.front.status, this.front.headers).end(this.front.body);
          return;
        }
        const page = [...this.scripts.values()][0]?.files.get("/console/page.html");
        if (page !== undefined && pathname.startsWith("/console/")) {
          response.writeHead(200, { "content-type": "text/html" }).end(page);
          return;
        }
        response.setHeader("X-Request-Id", randomUUID());
        const [status, answer] = this.#answerAsWorker(call, request.headers.authorization, body);
        send(response, status, answer);
        return;
      }
      const { authorization = "", "content-type": contentType = "" } = request.headers;
      // Files are uploaded with the token of their own session.
      const result = call.path.endsWith("/workers/assets/upload")
        ? await this.assets.upload(authorization, await formOf(body, contentType))
        : await this.#answer(call, authorization, body, contentType, searchParams);
      send(response, 200, { success: true, errors: [], messages: [], result, result_info: pageOf(result) });
    } catch (error) {
      if (!isTrouble(error)) throw error;
      const errors = [{ code: error.code, message: error.message }];
      send(response, error.status, { success: false, errors, messages: [], result: null });
    }
  }

  async #answer(
    call: Call,
    authorization: string,
    body: Buffer,
    contentType: string,
    query: URLSearchParams,
  ): Promise<unknown> {
    if (authorization !== "Bearer right-token") refuse(10000, "Authentication error", 403);
    const [, , inAccount, area = "", ...rest] = call.path.split("/");
    if (inAccount !== account) refuse(7003, `Could not route to ${call.path}`, 404);
    if (area === "d1") return this.#answerForDatabases(call.method, rest[1], rest[2], body, query);
    if (area !== "workers") refuse(7003, `Could not route to ${call.path}`, 404);
    const [kind, name = "", part] = rest;
    if (kind === "subdomain") return { subdomain: "tester" };
    const script = this.scripts.get(name);
    if (call.method === "PUT" && part === undefined) return this.#upload(name, body, contentType);
    // Before the first upload of the Worker as well.
    if (part === "assets-upload-session") return this.assets.begin(name, JSON.parse(body.toString()));
    if (!script) return refuse(10007, "This Worker does not exist on your account.", 404);
    switch (part) {
      case "secrets":
        return [...script.secrets.keys()].map((secret) => ({ name: secret, type: "secret_text" }));
      case "deployments":
        return { deployments: [] };
      case "settings":
        return {
          bindings: [...script.secrets.keys()].map((secret) => ({ name: secret, type: "secret_text" })),
        };
      case "schedules":
        return { schedules: [] };
      case "subdomain":
        return onWorkersDev;
      case undefined:
        return { id: name, subdomain: onWorkersDev, default_environment: { script: { id: name } } };
      default:
        return refuse(7003, `Could not route to ${call.path}`, 404);
    }
  }

  #answerForDatabases(
    method: string,
    id: string | undefined,
    part: string | undefined,
    body: Buffer,
    query: URLSearchParams,
  ): unknown {
    if (id === undefined && method === "GET") {
      const named = query.get("name");
      return [...this.databases.values()].filter(({ name }) => !named || name === named).map(described);
    }
    if (id === undefined) return this.#createDatabase(JSON.parse(body.toString()));
    const database = [...this.databases.values()].find(({ uuid, name }) => uuid === id || name === id);
    if (!database) return refuse(7404, `The database ${id} could not be found`, 404);
    if (part === undefined) return described(database);
    return runSql(database, JSON.parse(body.toString()) as { sql: string; params?: (string | number)[] });
  }

  #createDatabase({ name, ...where }: { name: string }): unknown {
    if (this.databases.has(name)) refuse(7502, `Database with name '${name}' already exists`, 400);
    return this.addDatabase(name, where);
  }

  async #upload(name: string, body: Buffer, contentType: string): Promise<unknown> {
    const form = await formOf(body, contentType);
    const metadata = JSON.parse(await partText(form.get("metadata"))) as {
      assets?: { jwt: string };
      bindings: { type: string; name: string; text?: string; id?: string; database_id?: string }[];
    };
    const before = this.scripts.get(name);
    const secrets = new Map(before?.secrets);
    const variables = new Map<string, string>();
    for (const binding of metadata.bindings) {
      if (binding.type === "secret_text") secrets.set(binding.name, binding.text ?? "");
      if (binding.type === "plain_text") variables.set(binding.name, binding.text ?? "");
      if (binding.type === "inherit" && !before)
        refuse(10057, `inherit binding '${binding.name}' is invalid`, 400);
      const database = binding.id ?? binding.database_id;
      if (binding.type === "d1" && ![...this.databases.values()].some(({ uuid }) => uuid === database))
        refuse(10021, `binding ${binding.name} of type d1 must have a valid \`id\` specified`, 400);
    }
    const files = metadata.assets ? this.assets.filesOf(name, metadata.assets.jwt) : new Map();
    this.scripts.set(name, { secrets, variables, files, uploads: (before?.uploads ?? 0) + 1 });
    return {
      id: name,
      startup_time_ms: 5,
      tag: randomUUID(),
      deployment_id: randomUUID(),
      entry_point: "index.js",
    };
  }

  /** What the Worker would answer: enough for a deployment to see that it is there, and to make its authority. */
  #answerAsWorker(
    { method, path }: Call,
    authorization: string | undefined,
    body: Buffer,
  ): [number, unknown] {
    const script = [...this.scripts.values()][0];
    if (!script) return [404, {}];
    if (path === "/scep") return [200, "SHA-256"];
    if (path === "/mdm") return [400, {}];
    if (path === "/enroll") return [404, {}];
    if (path === "/healthz") return [200, { status: "ok" }];
    if (path === "/readyz")
      return this.unready.length > 0 ? [503, { problems: this.unready }] : [200, { status: "ready" }];
    if (authorization !== `Bearer ${script.secrets.get("ADMIN_TOKEN")}`) return [401, { status: 401 }];
    if (path === "/api/v1/backup") return [200, { next_cursor: null }];
    if (path === "/api/v1/settings") return [200, { organization: "Example" }];
    if (path !== "/api/v1/authorities") return [404, { status: 404 }];
    if (method === "GET") return [200, { items: this.authorities, next_cursor: null }];
    const { certificate, private_key } = JSON.parse(body.toString());
    const authority = { certificate, private_key, subject: "CN=imported", issuing: true };
    this.authorities.push(authority);
    return [201, authority];
  }
}

function runSql(
  { sql }: Database,
  { sql: text, params = [] }: { sql: string; params?: (string | number)[] },
): unknown {
  try {
    // A statement with rows to read is one statement; a migration file is many, and applied whole or not at all.
    if (/^\s*(select|pragma)/i.test(text)) {
      return [{ success: true, results: sql.prepare(text).all(...params), meta: {} }];
    }
    sql.exec(`savepoint batch; ${text}; release batch`);
    return [{ success: true, results: [], meta: {} }];
  } catch (error) {
    if (sql.isTransaction) sql.exec("rollback");
    return refuse(7500, `${(error as Error).message}: SQLITE_ERROR`, 400);
  }
}

const onWorkersDev = { enabled: true, previews_enabled: false };

const described = ({ uuid, name }: Database): object => ({
  uuid,
  name,
  version: "production",
  num_tables: 0,
});

const pageOf = (result: unknown): object =>
  Array.isArray(result) ? { page: 1, per_page: 100, count: result.length, total_count: result.length } : {};

const formOf = (body: Buffer, contentType: string): Promise<FormData> =>
  new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();

const partText = async (part: string | Blob | null): Promise<string> =>
  typeof part === "string" ? part : ((await part?.text()) ?? "");

function refuse(code: number, message: string, status: number): never {
  throw { code, message, status } satisfies Trouble;
}

const isTrouble = (error: unknown): error is Trouble =>
  typeof error === "object" && error !== null && "status" in error;

function send(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
}
