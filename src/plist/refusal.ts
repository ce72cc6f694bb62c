import { ok, type Result, refuse } from "../base/result.ts";

/**
 * Every way in which a property list is refused, for all readers of this folder.
 *
 * `offset` counts bytes from the start of the input; `position.ts` turns it into line and column when somebody wants to
 * read them. `found` and `key` name markup, never content: a property list may hold secrets, and refusals are logged.
 */
export type PlistRefusal =
  | { reason: "empty" }
  | { reason: "not-a-property-list" }
  | { reason: "too-large"; bytes: number; limit: number }
  | LocatedRefusal;

export type LocatedRefusal = PlistFault & { offset: number };

/** What is wrong at one place of the input. */
export type PlistFault =
  | { reason: "too-deep" | "too-many-nodes"; limit: number }
  | XmlFault
  | ScalarFault
  | BinaryFault;

export type XmlFault =
  // bytes and characters
  | { reason: "bad-encoding"; encoding: XmlEncoding }
  | { reason: "undeclared-encoding"; encoding: XmlEncoding; found: string }
  | { reason: "nul-character" }
  | { reason: "unknown-entity"; found: string }
  | { reason: "bad-character-reference"; found: string }
  // markup
  | { reason: "malformed-tag"; expected: string }
  | { reason: "unexpected-attribute"; found: string }
  | { reason: "misplaced-declaration" }
  | { reason: "misplaced-doctype" }
  | { reason: "malformed-doctype" }
  | { reason: "internal-subset" }
  // structure
  | { reason: "truncated"; expected: string }
  | { reason: "stray-text"; expected: string }
  | { reason: "markup-in-value"; expected: string }
  | { reason: "wrong-nesting"; expected: string; found: string }
  | { reason: "unknown-element"; expected: string; found: string }
  | { reason: "unexpected-element"; expected: string; found: string }
  | { reason: "missing-key"; found: string }
  | { reason: "missing-value"; key: string }
  | { reason: "duplicate-key"; key: string };

export type ScalarFault =
  | { reason: "bad-integer" | "bad-real" | "bad-date" | "bad-data" | "bad-boolean"; expected: string }
  | { reason: "integer-out-of-range" };

export type BinaryFault =
  | { reason: "truncated"; expected: string }
  | { reason: "bad-trailer"; expected: string }
  | { reason: "unsupported-version"; found: string }
  | { reason: "unsupported-type"; marker: number }
  | { reason: "uid" }
  | { reason: "offset-out-of-bounds"; object: number }
  | { reason: "unknown-object"; object: number }
  | { reason: "circular-reference"; object: number }
  | { reason: "key-not-a-string"; object: number }
  | { reason: "bad-string" }
  | { reason: "bad-date"; expected: string }
  | { reason: "expands-beyond-limit"; limit: number }
  | { reason: "integer-out-of-range" }
  | { reason: "nul-character" }
  | { reason: "duplicate-key"; key: string };

export type XmlEncoding = "utf-8" | "utf-16le" | "utf-16be";

/**
 * The way out of a reader's depths. Thrown and caught within this folder only: callers see a Result. It is no Error,
 * because a refusal is expected and needs no stack.
 */
export class Stop {
  readonly fault: PlistFault;
  readonly at: number;

  /** `at` is the reader's own unit; `attempt` makes bytes of it. */
  constructor(fault: PlistFault, at: number) {
    this.fault = fault;
    this.at = at;
  }
}

/** Runs a reader; what it stopped at becomes a refusal, anything else it throws is a bug and stays one. */
export function attempt<Value>(
  read: () => Value,
  toBytes: (at: number) => number = (at) => at,
): Result<Value, LocatedRefusal> {
  try {
    return ok(read());
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return refuse({ ...stop.fault, offset: toBytes(stop.at) });
  }
}

/** Names from the input are shown, but not at any length. */
export const clip = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);
