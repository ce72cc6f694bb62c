// The API as the subcommands use it: pages as one list, refusals as sentences, and every request safe to repeat.
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Json as Tree } from "../../src/declarations/canonical-json.ts";
import { Trouble } from "../trouble.ts";
import type { Answer, AnswerName } from "./answers.ts";
import type { Server } from "./server.ts";

export type Json = Record<string, unknown>;
export type Query = Readonly<Record<string, string | undefined>>;

export type Problem = {
  status: number;
  type: string;
  title: string;
  detail?: string;
  errors?: readonly { pointer: string; code: string; detail: string; in?: string }[];
};

/** The server said no. The message is for people; `problem` is what it said. */
export class Refusal extends Trouble {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(wordsOf(problem));
    this.problem = problem;
  }
}

function wordsOf({ status, title, detail, errors = [] }: Problem): string {
  const lines = errors.map(
    ({ pointer, detail: why, in: place }) => `  ${place ? `${place} ` : ""}${pointer}: ${why}`,
  );
  const said = detail ?? title;
  const head = lines.length > 0 && lines.some((line) => line.endsWith(said)) ? title : said;
  const more = status === 401 ? "\nrun edgemdm login, or check EDGEMDM_TOKEN" : "";
  return [`${head}${more}`, ...(errors.length > 1 || head === title ? lines : [])].join("\n");
}

type Body = { json: unknown } | { bytes: Uint8Array | string; type: string };

export type Ask = {
  query?: Query;
  body?: Body;
  accept?: string;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
};

const tries = 4;
const patienceMs = 60_000;
const longestPage = "200";

export class Api {
  readonly #find: () => Server;
  #server: Server | undefined;

  /** The server is looked for when it is first asked, so that `--help` and `login` work without one. */
  constructor(find: () => Server) {
    this.#find = find;
  }

  get server(): Server {
    this.#server ??= this.#find();
    return this.#server;
  }

  get(path: string, query?: Query): Promise<Json> {
    return this.json("GET", path, query === undefined ? {} : { query });
  }

  /** The one page of a list that has no others, or as much of it as the query asks for. */
  async page<Name extends AnswerName>(path: string, query?: Query): Promise<Answer<Name>[]> {
    return (await this.get(path, query)).items as Answer<Name>[];
  }

  async json(method: string, path: string, ask: Ask = {}): Promise<Json> {
    const text = await (await this.answer(method, path, ask)).text();
    return text === "" ? {} : JSON.parse(text);
  }

  /** All items of a list, read page by page as they are wanted. */
  async *items<Name extends AnswerName>(path: string, query: Query = {}): AsyncGenerator<Answer<Name>> {
    let cursor: string | undefined;
    do {
      const page = await this.get(path, { limit: longestPage, ...query, cursor });
      yield* page.items as Answer<Name>[];
      cursor = (page.next_cursor as string | null) ?? undefined;
    } while (cursor !== undefined);
  }

  /** The same, for who reads whole answers. */
  async *trees(path: string, query: Query = {}): AsyncGenerator<{ [field: string]: Tree }> {
    yield* this.items(path, query) as AsyncGenerator<unknown> as AsyncGenerator<{ [field: string]: Tree }>;
  }

  async all<Name extends AnswerName>(path: string, query: Query = {}): Promise<Answer<Name>[]> {
    const all: Answer<Name>[] = [];
    for await (const item of this.items<Name>(path, query)) all.push(item);
    return all;
  }

  /** What passes is tried again; a POST has the same key each time, so that it is done once. */
  async answer(method: string, path: string, ask: Ask = {}): Promise<Response> {
    const { origin, token } = this.server;
    const url = new URL(`/api/v1${path}`, origin);
    for (const [name, value] of Object.entries(ask.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, value);
    const init = {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: ask.accept ?? "application/json",
        ...ask.headers,
        ...(method === "POST" && { "Idempotency-Key": randomUUID() }),
        ...(ask.body && { "Content-Type": "json" in ask.body ? "application/json" : ask.body.type }),
      },
      ...(ask.body && { body: "json" in ask.body ? JSON.stringify(ask.body.json) : ask.body.bytes }),
      redirect: "manual" as const,
    };
    for (let attempt = 1; ; attempt++) {
      const limit = AbortSignal.timeout(patienceMs);
      const signal = ask.signal ? AbortSignal.any([ask.signal, limit]) : limit;
      const answer = await fetch(url, { ...init, signal }).catch((fault: unknown) =>
        unreachable(origin, fault),
      );
      if (!(answer instanceof Trouble)) {
        if (answer.ok) return answer;
        if (attempt >= tries || !mayPass(answer.status)) throw await refusalOf(origin, answer);
        await answer.body?.cancel();
      } else if (attempt >= tries || ask.signal?.aborted) throw answer;
      const wait = answer instanceof Trouble ? 0 : Number(answer.headers.get("Retry-After"));
      await delay(Math.min(wait > 0 ? wait * 1000 : 250 * 2 ** attempt, 10_000), undefined, {
        signal: ask.signal,
      });
    }
  }
}

const mayPass = (status: number): boolean => status === 429 || status === 502 || status === 503;

function unreachable(origin: string, fault: unknown): Trouble {
  const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
  const why = cause instanceof Error ? cause.message || String(Reflect.get(cause, "code")) : String(cause);
  return new Trouble(`${origin} does not answer: ${why}`, { cause: fault });
}

async function refusalOf(origin: string, answer: Response): Promise<Trouble> {
  const text = await answer.text();
  if (answer.headers.get("Content-Type")?.startsWith("application/problem+json"))
    return new Refusal(JSON.parse(text));
  if (answer.headers.has("cf-mitigated"))
    return new Trouble(
      `Cloudflare challenges this program at ${origin}: turn Bot Fight Mode off, or exempt the API`,
    );
  return new Trouble(`${origin} answers ${answer.status}, and not as edgemdm does: is it the right address?`);
}
