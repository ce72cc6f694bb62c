import type { Bytes } from "../../base/bytes.ts";
import type { Result } from "../../base/result.ts";
import type { PlistDict } from "../../plist/value.ts";
import type { Subject } from "../subject.ts";

/**
 * Adds what only the server knows to a command that leaves it out. Given values are never changed. A completer that has
 * no value although the device needs one refuses and says what to do.
 */
export type CompletionContext = {
  env: Env;
  subject: Subject;
  /** The present escrowed values of this enrollment. */
  escrowed: (name: string) => Promise<Bytes | undefined>;
};

export type CompletionRefusal = { reason: "cannot-complete"; key: string; detail: string };

export type Completer = (
  payload: PlistDict,
  known: CompletionContext,
) => Promise<Result<PlistDict, CompletionRefusal>>;

/** The same for every device: called once, whatever the number of devices. */
export type SharedCompleter = (
  payload: PlistDict,
  env: Env,
  now: number,
) => Promise<Result<PlistDict, CompletionRefusal>>;

/** The payload with these keys added; existing keys stay unchanged. */
export const withKeys = (payload: PlistDict, keys: PlistDict): PlistDict => new Map([...keys, ...payload]);
