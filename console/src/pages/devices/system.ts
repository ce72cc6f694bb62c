import type { Schemas } from "../../../../client/api.d.ts";

/** Apple's names: the same in every language. */
export const systemNames: Readonly<Record<string, string>> = {
  ios: "iOS",
  ipados: "iPadOS",
  macos: "macOS",
  tvos: "tvOS",
  visionos: "visionOS",
  watchos: "watchOS",
};

export const systemOf = ({
  platform,
  os_version,
}: Pick<Schemas["Device"], "platform" | "os_version">): string =>
  [platform && systemNames[platform], os_version].filter(Boolean).join(" ");
