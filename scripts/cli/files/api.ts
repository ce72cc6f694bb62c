// The API as the kinds of files use it: their addresses are values, so it has no types of its own.
import { type AnyOrder, type Client, type Method, ProblemError } from "../../../client/src/index.ts";
import type { Tree } from "./thing.ts";

export type Query = Readonly<Record<string, string | undefined>>;
export type Ask = Pick<AnyOrder, "query" | "body" | "headers">;

export class Api {
  readonly #client: Client;
  readonly origin: string;

  constructor(client: Client, origin: string) {
    this.#client = client;
    this.origin = origin;
  }

  answer(method: Method, path: string, ask: Ask = {}): Promise<Response> {
    return this.#client.raw(method, path, ask);
  }

  async json(method: Method, path: string, ask: Ask = {}): Promise<Tree> {
    const text = await (await this.answer(method, path, ask)).text();
    return text === "" ? {} : JSON.parse(text);
  }

  get(path: string, query: Query = {}): Promise<Tree> {
    return this.json("GET", path, { query });
  }

  /** All items of a list, read page by page as they are wanted. */
  async *trees(path: string, query: Query = {}): AsyncGenerator<Tree> {
    let cursor: string | undefined;
    do {
      const page = await this.get(path, { limit: "200", ...query, cursor });
      yield* itemsOf(page.items) as Tree[];
      cursor = typeof page.next_cursor === "string" ? page.next_cursor : undefined;
    } while (cursor !== undefined);
  }
}

export const isRefusal = (fault: unknown, status?: number): fault is ProblemError =>
  fault instanceof ProblemError && (status === undefined || fault.status === status);

/** The members of an object in an answer; none where there is no object. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** The items of a list in an answer; none where there is no list. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
