// How a policy is said in words.
import type { Schemas } from "../../../../client/api.d.ts";
import { dateTimeOf } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { systemNames } from "../devices/system.ts";

export type Policy = Schemas["SoftwareUpdatePolicy"];
export type Platform = Policy["platforms"][number];

export const platforms = [
  "ios",
  "ipados",
  "macos",
  "tvos",
  "visionos",
] as const satisfies readonly Platform[];

export const platformTitle = (platform: string): string => systemNames[platform] ?? platform;

export const platformNames = (named: readonly Platform[]): string => named.map(platformTitle).join(", ");

export function targetOf({ target }: Pick<Policy, "target">): string {
  const said = words("updates");
  return target.kind === "latest"
    ? said.newest(target.days_after_release)
    : said.certain(target.version, dateTimeOf(target.deadline));
}
