// How a policy is said in words.
import type { Schemas } from "../../../../client/api.d.ts";
import { dateTimeOf } from "../../words/forms.ts";
import { words } from "../../words/words.ts";

export type Policy = Schemas["SoftwareUpdatePolicy"];
export type Platform = Policy["platforms"][number];

export const platformTitles: Record<Platform, string> = {
  ios: "iOS",
  ipados: "iPadOS",
  macos: "macOS",
  tvos: "tvOS",
  visionos: "visionOS",
};

export const platforms = Object.keys(platformTitles) as Platform[];

export const platformNames = (named: readonly Platform[]): string =>
  named.map((platform) => platformTitles[platform]).join(", ");

export function targetOf({ target }: Pick<Policy, "target">): string {
  const said = words("updates");
  return target.kind === "latest"
    ? said.newest(target.days_after_release)
    : said.certain(target.version, dateTimeOf(target.deadline));
}
