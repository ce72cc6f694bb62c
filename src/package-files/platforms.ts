import type { FileFacts } from "./facts.ts";

/** As Xcode names them, and as the store does. */
const builtFor: { readonly [platform: string]: string } = {
  iPhoneOS: "iOS",
  AppleTVOS: "tvOS",
  XROS: "visionOS",
  WatchOS: "watchOS",
};

/** What the file is built for, in the words of Apple's store; undefined: it does not say. */
export function platformsOfFile(facts: FileFacts): string[] | undefined {
  if (facts.kind === "pkg") return ["macOS"];
  const known = facts.platforms.flatMap((name) => builtFor[name] ?? []);
  return known.length > 0 ? known : undefined;
}
