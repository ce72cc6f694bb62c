import type { Json } from "./canonical-json.ts";
import type { DeclarationKind } from "./declaration.ts";

/**
 * The state of a declaration on a channel: what the channel should have, joined with what it last reported.
 *
 * `pending`: it has not reported yet. `unknown_to_device`: it fetched this set and does not report the declaration.
 * `stale`: it fetched this set and still has another version. The others are its own words: `active`, `inactive`, or
 * `invalid` with reasons.
 *
 * The surprise: a management declaration is never active, only valid.
 */
export const declarationStates = [
  "pending",
  "active",
  "inactive",
  "invalid",
  "unknown_to_device",
  "stale",
] as const;
export type DeclarationState = (typeof declarationStates)[number];

export type Reason = { code: string; description?: string; details?: { [key: string]: Json } };

/** What a device reported about one declaration. */
export type ReportedDeclaration = {
  kind: DeclarationKind;
  serverToken: string;
  active: boolean;
  valid: "unknown" | "invalid" | "valid";
  reasons: readonly Reason[];
};

export type Intended = {
  kind: DeclarationKind;
  serverToken: string;
  /** The device fetched a manifest with this version in it, and has reported its declarations since. */
  isAnswered: boolean;
};

export function stateOf(
  { kind, serverToken, isAnswered }: Intended,
  reported: ReportedDeclaration | undefined,
): DeclarationState {
  if (reported === undefined) return isAnswered ? "unknown_to_device" : "pending";
  if (reported.serverToken !== serverToken) return isAnswered ? "stale" : "pending";
  if (reported.valid === "invalid") return "invalid";
  const isDone = kind === "management" ? reported.valid === "valid" : reported.active;
  return isDone ? "active" : "inactive";
}
