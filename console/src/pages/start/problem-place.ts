// Where in the console a problem is mended: by the beginning of its code (docs/problems.md).
import type { Schemas } from "../../../../client/api.d.ts";
import { routeOf } from "../../shell/routes.ts";
import type { Rooms } from "../../words/words.ts";

type Place = { to: string; says: keyof Rooms["start"]["act"] };
type Rule = readonly [code: string, says: Place["says"], to: (subject: string) => string];

const rules: readonly Rule[] = [
  ["push-certificate", "push", () => "/enrollment/push"],
  ["ade-", "ade", () => "/apple"],
  ["api-account", "ade", () => "/apple"],
  ["migrations", "ade", () => "/apple"],
  ["content-", "apps", () => "/apple/apps"],
  ["licences", "apps", () => "/apps"],
  ["devices-silent", "device", () => "/devices?state=enrolled"],
  ["queues", "device", () => "/devices?state=enrolled"],
  ["escrow-missing", "device", () => "/devices?state=enrolled&platform=macos"],
  ["profile-failed", "profile", (subject) => `/profiles/${encodeURIComponent(subject)}`],
  ["declaration-failed", "declaration", (subject) => `/declarations/${encodeURIComponent(subject)}`],
  ["webhook", "webhook", () => "/webhooks"],
  ["rollout", "updates", () => "/rollouts?state=halted"],
  ["updates", "updates", () => "/updates"],
  ["authority", "certificates", () => "/certificates"],
  ["identities", "certificates", () => "/certificates"],
  ["signing-certificate", "certificates", () => "/certificates"],
  ["attestations", "certificates", () => "/certificates"],
  ["backup", "backup", () => "/system"],
  ["unsafe-setting", "settings", () => "/settings"],
  ["mail", "settings", () => "/settings"],
  ["", "system", () => "/system"],
];

/** Undefined: the console has no such page. */
export function placeOf({ code, subject }: Schemas["ProblemEntry"]): Place | undefined {
  const rule = rules.find(([start]) => code.startsWith(start));
  if (rule === undefined) return undefined;
  const to = rule[2](subject);
  return routeOf(to.replace(/\?.*/, "")) && { to, says: rule[1] };
}
