import type { Bytes } from "../../base/bytes.ts";
import type { Result } from "../../base/result.ts";
import type { PlistDict } from "../../plist/value.ts";
import type { Subject } from "../subject.ts";

/**
 * What only the server knows, added to a command that leaves it out. Nothing that was given is ever changed; a completer
 * that has nothing to give where the device needs something refuses, and says what to do.
 */
export type CompletionContext = {
  env: Env;
  subject: Subject;
  /** What is in force in escrow for this enrollment. */
  escrowed: (name: string) => Promise<Bytes | undefined>;
};

export type CompletionRefusal = { reason: "cannot-complete"; key: string; detail: string };

export type Completer = (
  payload: PlistDict,
  known: CompletionContext,
) => Promise<Result<PlistDict, CompletionRefusal>>;

/** The same for every device: asked once, however many get the command. */
export type SharedCompleter = (
  payload: PlistDict,
  env: Env,
  now: number,
) => Promise<Result<PlistDict, CompletionRefusal>>;

/** The payload with these keys too; those it has stay as they are. */
export const withKeys = (payload: PlistDict, keys: PlistDict): PlistDict => new Map([...keys, ...payload]);
