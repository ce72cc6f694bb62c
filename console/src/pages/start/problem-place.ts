// Where in the console a problem is mended: by the beginning of its code (docs/problems.md).
import type { Schemas } from "../../../../client/api.d.ts";

type Problem = Pick<Schemas["ProblemEntry"], "code" | "subject" | "facts">;
/** What its button says: a key of `act` in the words of the page. */
type Says =
  | ("push" | "ade" | "apps" | "device" | "firstDevice" | "profile" | "declaration" | "webhook")
  | ("updates" | "certificates" | "backup" | "settings" | "system");
type Place = { to: string; says: Says };
type Rule = readonly [
  code: string,
  says: Place["says"],
  to: (subject: string, facts: Problem["facts"]) => string,
];

const failedAt = (kind: string, name: string) =>
  `/devices?${new URLSearchParams({ state: "enrolled", failed: `${kind}:${name}` })}`;
const deviceOf = ({ device }: Problem["facts"], tab: string) =>
  device ? `/devices/${encodeURIComponent(device)}${tab}` : "/devices?state=enrolled";

const rules: readonly Rule[] = [
  ["push-certificate", "push", () => "/enrollment/push"],
  ["ade-", "ade", () => "/apple"],
  ["api-account", "ade", () => "/apple"],
  ["migrations", "ade", () => "/apple"],
  ["content-", "apps", () => "/apple/apps"],
  ["licences", "apps", () => "/apps"],
  ["devices-silent", "device", (_, { days }) => `/devices?state=enrolled&seen=-${days}d`],
  ["queues", "firstDevice", (_, facts) => deviceOf(facts, "/commands")],
  ["escrow-missing", "device", () => "/devices?state=enrolled&platform=macos"],
  ["profile-failed", "device", (subject) => failedAt("profile", subject)],
  ["profile-failed", "profile", (subject) => `/profiles/${encodeURIComponent(subject)}`],
  ["declaration-failed", "device", (subject) => failedAt("declaration", subject)],
  ["declaration-failed", "declaration", (subject) => `/declarations/${encodeURIComponent(subject)}`],
  ["app-given-up", "device", (subject) => failedAt("app", subject)],
  ["app-", "apps", () => "/apps"],
  ["webhook", "webhook", () => "/webhooks"],
  ["rollout", "updates", () => "/rollouts?state=halted"],
  ["updates", "updates", () => "/updates"],
  ["authority", "certificates", () => "/certificates"],
  ["identities", "certificates", () => "/certificates"],
  ["signing-certificate", "certificates", () => "/certificates"],
  ["attestations", "firstDevice", (_, facts) => deviceOf(facts, "/certificates")],
  ["backup", "backup", () => "/system"],
  ["unsafe-setting", "settings", () => "/settings"],
  ["mail", "settings", () => "/settings"],
  ["", "system", () => "/system"],
];

/** The best place first: all rules of the first beginning that fits. */
export function placesOf({ code, subject, facts }: Problem): Place[] {
  const start = rules.find(([beginning]) => code.startsWith(beginning))?.[0];
  return rules
    .filter(([beginning]) => beginning === start)
    .map(([, says, to]) => ({ says, to: to(subject, facts) }));
}
