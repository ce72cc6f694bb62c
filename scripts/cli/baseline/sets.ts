// Who gets a baseline: the devices of its platform, from its version on. Without an upper bound, because a device that takes
// the next system must not lose its settings.
import type { Schemas } from "../../../client/src/index.ts";
import type { Content } from "./content.ts";

/** Of devices, as the API takes it. */
export type Filter = NonNullable<Schemas["NewSet"]["filter"]>;

export type BaselineSet = {
  name: string;
  description: string;
  profiles: readonly string[];
  declarations: readonly string[];
  activate: boolean;
  filter: Readonly<Record<string, string | boolean>>;
};

export type Audience = {
  /** As the API names platforms. */
  platforms: readonly string[];
  osMin: string | undefined;
  /** Only devices with this tag: a baseline begins with few. */
  tag: string | undefined;
};

const platforms: Readonly<Record<string, readonly string[]>> = {
  macOS: ["macos"],
  iOS: ["ios", "ipados"],
  visionOS: ["visionos"],
};

export const platformsOf = (system: string): readonly string[] => platforms[system] ?? [system.toLowerCase()];

/** One set for each platform, and one more for what only supervised devices obey. */
export function setsFor(
  name: string,
  description: string,
  { profiles, declarations }: Content,
  audience: Audience,
  isForSupervised: (identifier: string) => boolean,
): BaselineSet[] {
  return audience.platforms.flatMap((platform, at): BaselineSet[] => {
    const own = at === 0 ? name : `${name}-${platform}`;
    const filter = {
      platform,
      ...(audience.osMin && { os_min: audience.osMin }),
      ...(audience.tag && { tag: audience.tag }),
    };
    const identifiers = profiles.map(({ identifier }) => identifier);
    const all: BaselineSet = {
      name: own,
      description,
      profiles: identifiers.filter((identifier) => !isForSupervised(identifier)),
      declarations: declarations.map(({ identifier }) => identifier),
      activate: declarations.length > 0,
      filter,
    };
    const supervised: BaselineSet = {
      name: `${own}-supervised`,
      description: `${description}: what only supervised devices obey`,
      profiles: identifiers.filter(isForSupervised),
      declarations: [],
      activate: false,
      filter: { ...filter, supervised: true },
    };
    return supervised.profiles.length > 0 ? [all, supervised] : [all];
  });
}
