// What a baseline consists of: profiles and declarations, and for each rule where its keys are.
import type { Keys } from "./mscp/rule.ts";

export type Profile = { identifier: string; name: string; type: string; keys: Keys };
export type Declaration = { identifier: string; type: string; payload: Keys };

export type Covered = {
  rule: string;
  title: string;
  /** Where it is: the identifier of a profile or a declaration, and the paths of the keys in it. */
  places: readonly Place[];
  /** The organization's value, if the rule leaves one open. */
  value?: unknown;
};

export type Place =
  | { profile: string; keys: readonly string[] }
  | { declaration: string; keys: readonly string[] };

/** What no profile and no declaration can do, or what does not fit the device. */
export type NotCovered = { rule: string; title: string; reason: string };

export type Content = {
  profiles: readonly Profile[];
  declarations: readonly Declaration[];
  covered: readonly Covered[];
  notCovered: readonly NotCovered[];
};
