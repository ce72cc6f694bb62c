import type { GenericSchema } from "valibot";
import type { Operation } from "./operations.ts";
import type { RoutePart } from "./route-line.ts";
import { entriesOf, itemOf, requiredOf } from "./schemas.ts";

/** A thing of the API that is read, written or deleted at one address. */
export type Thing = {
  /** The pattern of the address where it is read. */
  pattern: string;
  /** The fields of what is read that its tag is made of; undefined: all. */
  fields: readonly string[] | undefined;
};

export type Things = {
  /** The thing that is read at a pattern. */
  read: ReadonlyMap<string, Thing>;
  /** The thing that `METHOD pattern` writes. */
  written: ReadonlyMap<string, Thing>;
};

const writing = ["PUT", "PATCH", "DELETE"];

/** What has a tag: everything with a JSON answer of its own that can also be written. */
export function thingsOf(operations: readonly Operation[]): Things {
  const at = (method: string, pattern: string) =>
    operations.find((operation) => operation.method === method && operation.pattern === pattern)?.part;
  const things: { read: Map<string, Thing>; written: Map<string, Thing> } = {
    read: new Map(),
    written: new Map(),
  };
  for (const { method, pattern } of operations.filter((operation) => writing.includes(operation.method))) {
    const own = answerOf(at("GET", pattern));
    const home = own ? pattern : partOf(pattern);
    const answer = home === undefined ? undefined : answerOf(at("GET", home));
    // A list is written as a whole at its own address; it is not the thing that something below it belongs to.
    if (home === undefined || answer === undefined || (own === undefined && itemOf(answer))) continue;
    const fields = at("GET", home)?.tagged ?? fieldsOf(answer, [at("PUT", home), at("PATCH", home)]);
    const thing = { pattern: home, fields };
    things.read.set(home, thing);
    things.written.set(`${method} ${pattern}`, thing);
  }
  return things;
}

const answerOf = (part: RoutePart | undefined): GenericSchema | undefined => {
  const answer = part?.answers?.[200];
  return typeof answer === "string" ? undefined : answer;
};

/** `…/:name/token` is a part of `…/:name`. */
const partOf = (pattern: string): string | undefined => /^(.*\/:\w+)\/[a-z-]+$/.exec(pattern)?.[1];

/** What callers may set. What only the server changes, such as a count or a time, makes no other tag. */
function fieldsOf(answer: GenericSchema, writes: readonly (RoutePart | undefined)[]): string[] | undefined {
  const settable = writes.flatMap((part) => Object.keys((part?.body && entriesOf(part.body)) ?? {}));
  const fields = requiredOf(answer).filter((name) => settable.includes(name));
  return fields.length === 0 ? undefined : fields;
}
