// The API as a program calls it. Addresses are spelled as in the API's description, and what goes in and comes out has
// its types. It needs only `fetch`, so that it runs in Node, Workers and browsers.
import type { Bytes, Operations } from "../api.d.ts";
import { type ProblemDetails, ProblemError, StrangeAnswerError, UnreachableError } from "./errors.ts";
import { repeatable } from "./repeatable.ts";

export type ClientOptions = {
  /** Such as `https://mdm.example.com`. */
  origin: string;
  token: string;
  /** How often a request is sent at most; 4 unless set. */
  tries?: number;
  /** For each try; a minute unless set. */
  timeoutMs?: number;
  /** In place of the platform's, such as a service binding's. */
  fetch?: (request: Request) => Promise<Response>;
};

/** The names in `{…}` of an address. */
type InPath<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | InPath<Rest>
  : never;

type Settings = { signal?: AbortSignal; headers?: Readonly<Record<string, string>> };

/** What a call of one operation takes. */
export type Order<Path, Operation> = Settings &
  Omit<Operation, "answer"> &
  (InPath<Path & string> extends never
    ? { path?: never }
    : { path: { readonly [Name in InPath<Path & string>]: string } });

/** It may be left out where nothing in it is needed. */
type Given<Path, Operation> =
  Record<never, never> extends Order<Path, Operation>
    ? [order?: Order<Path, Operation>]
    : [order: Order<Path, Operation>];

type AnswerOf<Operation> = Operation extends { answer: infer Answer } ? Answer : never;

type Gets = Operations["get"];

/** What a list is a list of. */
export type Listed = {
  [Path in keyof Gets]: AnswerOf<Gets[Path]> extends { items: readonly (infer Item)[] } ? Item : never;
};

/** The lists that are read in pages. */
export type ListPath = {
  [Path in keyof Gets]: Gets[Path] extends { query?: infer Query }
    ? "cursor" extends keyof NonNullable<Query>
      ? Path
      : never
    : never;
}[keyof Gets];

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The same without types. */
export type AnyOrder = Settings & {
  path?: Readonly<Record<string, string>> | undefined;
  query?: Readonly<Record<string, unknown>> | undefined;
  body?: unknown;
};

const longestPage = 200;
const longestWaitMs = 10_000;

export class Client {
  readonly #options: Required<ClientOptions>;

  constructor(options: ClientOptions) {
    this.#options = { tries: 4, timeoutMs: 60_000, fetch: (request) => fetch(request), ...options };
  }

  get<Path extends keyof Operations["get"]>(
    path: Path,
    ...[order]: Given<Path, Operations["get"][Path]>
  ): Promise<AnswerOf<Operations["get"][Path]>> {
    return this.#json("GET", path, order);
  }

  post<Path extends keyof Operations["post"]>(
    path: Path,
    ...[order]: Given<Path, Operations["post"][Path]>
  ): Promise<AnswerOf<Operations["post"][Path]>> {
    return this.#json("POST", path, order);
  }

  put<Path extends keyof Operations["put"]>(
    path: Path,
    ...[order]: Given<Path, Operations["put"][Path]>
  ): Promise<AnswerOf<Operations["put"][Path]>> {
    return this.#json("PUT", path, order);
  }

  patch<Path extends keyof Operations["patch"]>(
    path: Path,
    ...[order]: Given<Path, Operations["patch"][Path]>
  ): Promise<AnswerOf<Operations["patch"][Path]>> {
    return this.#json("PATCH", path, order);
  }

  delete<Path extends keyof Operations["delete"]>(
    path: Path,
    ...[order]: Given<Path, Operations["delete"][Path]>
  ): Promise<AnswerOf<Operations["delete"][Path]>> {
    return this.#json("DELETE", path, order);
  }

  /** All items of a list, one after the other. The next page is read when it is wanted. */
  async *list<Path extends ListPath>(
    path: Path,
    ...[order]: Given<Path, Operations["get"][Path]>
  ): AsyncGenerator<Listed[Path], void, undefined> {
    const asked: AnyOrder = order ?? {};
    let cursor: unknown = asked.query?.cursor;
    do {
      const query = { limit: longestPage, ...asked.query, cursor };
      const page: { items: Listed[Path][]; next_cursor?: string | null } = await this.#json("GET", path, {
        ...asked,
        query,
      });
      yield* page.items;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** The answer as it came, for what is no JSON. It was a success. */
  async raw(method: Method, path: string, order: AnyOrder = {}): Promise<Response> {
    const { origin, tries } = this.#options;
    const key = method === "POST" && repeatable.has(path) ? crypto.randomUUID() : undefined;
    const mayRepeat = method === "GET" || method === "PUT" || method === "DELETE" || key !== undefined;
    for (let tried = 1; ; tried++) {
      const answer = await this.#send(method, path, order, key).catch((fault: unknown) => {
        order.signal?.throwIfAborted();
        return new UnreachableError(origin, fault);
      });
      if (answer instanceof Response && answer.ok) return answer;
      const waitMs = mayRepeat && tried < tries ? waitOf(answer, tried) : undefined;
      if (waitMs === undefined) throw answer instanceof Response ? await refusalOf(origin, answer) : answer;
      if (answer instanceof Response) await answer.body?.cancel();
      await pause(waitMs, order.signal);
    }
  }

  async #json<Answer>(method: Method, path: string, order: AnyOrder = {}): Promise<Answer> {
    const answer = await this.raw(method, path, order);
    const text = await answer.text().catch((fault: unknown) => {
      order.signal?.throwIfAborted();
      throw new UnreachableError(this.#options.origin, fault);
    });
    return (text === "" ? undefined : JSON.parse(text)) as Answer;
  }

  #send(method: Method, path: string, order: AnyOrder, key: string | undefined): Promise<Response> {
    const { origin, token, timeoutMs } = this.#options;
    const headers = new Headers({ Accept: "application/json", ...order.headers });
    headers.set("Authorization", `Bearer ${token}`);
    if (key !== undefined && !headers.has("Idempotency-Key")) headers.set("Idempotency-Key", key);
    const body = bodyOf(order.body);
    if (body !== undefined) headers.set("Content-Type", body.type);
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = order.signal ? AbortSignal.any([order.signal, limit]) : limit;
    const content = body && { body: body.bytes as Uint8Array<ArrayBuffer> | string };
    // No redirect is followed: the token belongs to this address.
    const init: RequestInit = { method, headers, signal, redirect: "manual", ...content };
    return this.#options.fetch(new Request(addressOf(origin, path, order), init));
  }
}

function addressOf(origin: string, path: string, { path: names = {}, query = {} }: AnyOrder): URL {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = names[name];
    // The last two would lead to another address, however they are spelled.
    if (value === undefined || ["", ".", ".."].includes(value))
      throw new TypeError(
        `${path} cannot have ${value === undefined ? "no" : JSON.stringify(value)} ${name}`,
      );
    return encodeURIComponent(value);
  });
  const url = new URL(`/api/v1${filled}`, origin);
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) url.searchParams.append(name, String(one));
  return url;
}

function bodyOf(body: unknown): Bytes | undefined {
  if (body === undefined) return undefined;
  const given = body as Partial<Bytes>;
  const isBytes =
    typeof given.type === "string" && (given.bytes instanceof Uint8Array || typeof given.bytes === "string");
  return isBytes ? (given as Bytes) : { type: "application/json", bytes: JSON.stringify(body) };
}

/** How long to wait before the next try; undefined: another one would be refused as well. */
function waitOf(answer: Response | UnreachableError, tried: number): number | undefined {
  const growing = Math.min(250 * 2 ** tried, longestWaitMs) * (0.5 + Math.random() / 2);
  if (!(answer instanceof Response)) return growing;
  const asked = answer.headers.get("Retry-After");
  const waitMs = asked === null ? undefined : Number(asked) * 1000;
  const mayPass =
    answer.status === 502 || answer.status === 503 || answer.status === 504 || waitMs !== undefined;
  if (!mayPass || (waitMs ?? 0) > longestWaitMs) return undefined;
  return waitMs !== undefined && waitMs >= 0 ? waitMs : growing;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, stop) => {
    const end = () => {
      clearTimeout(timer);
      stop(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      done();
    }, ms);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end, { once: true });
  });
}

async function refusalOf(origin: string, answer: Response): Promise<Error> {
  if (!answer.headers.get("Content-Type")?.startsWith("application/problem+json")) {
    await answer.body?.cancel();
    return new StrangeAnswerError(origin, answer);
  }
  return new ProblemError((await answer.json()) as ProblemDetails);
}
