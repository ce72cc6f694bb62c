import { fromUtf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type Platform, versionKey } from "../mdm/platform.ts";

/**
 * Apple's list of the systems that it signs, `https://gdmf.apple.com/v2/pmv`, as rows.
 *
 * The surprises: the list `iOS` holds televisions, watches and loudspeakers too, and one entry may hold iPhones and iPads, so
 * the platform is read from each model; one build may stand in several entries, for other models until other days; and
 * unknown keys and platforms may come.
 */
export type SignedSystem = {
  /** `managed`: what a management server may ask for; `public`: what everybody gets; `improvement`: between two versions. */
  list: "managed" | "public" | "improvement";
  platform: Platform;
  version: string;
  /** Such as `(a)`, of improvements; else empty. */
  supplement: string;
  build: string;
  versionKey: number;
  /** The build that an improvement is for. */
  prerequisiteBuild: string | null;
  /** `YYYY-MM-DD`, as Apple says it today. */
  postedOn: string;
  /** By model, as Apple calls it for updates: the last day, or null where none is said. */
  models: Record<string, string | null>;
};

const lists = [
  ["AssetSets", "managed"],
  ["PublicAssetSets", "public"],
  // It had the second name before 26.1.
  ["PublicBackgroundSecurityImprovements", "improvement"],
  ["PublicRapidSecurityResponses", "improvement"],
] as const;

const mostEntries = 2_000;
const mostModels = 1_000;

export function readList(bytes: Uint8Array): Result<SignedSystem[], { detail: string }> {
  const top = parse(bytes);
  if (!isObject(top)) return refuse({ detail: "it is no JSON object" });
  if (!isObject(top.AssetSets) || !isObject(top.PublicAssetSets))
    return refuse({ detail: "it lacks AssetSets or PublicAssetSets" });
  const found = new Map<string, SignedSystem>();
  let entries = 0;
  for (const [key, list] of lists) {
    for (const entry of entriesOf(top[key])) {
      if (++entries > mostEntries) return refuse({ detail: `it has more than ${mostEntries} entries` });
      for (const system of systemsIn(entry, list)) merge(found, system);
    }
  }
  return ok([...found.values()]);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const entriesOf = (byPlatform: unknown): Record<string, unknown>[] =>
  isObject(byPlatform)
    ? Object.values(byPlatform)
        .filter((value) => Array.isArray(value))
        .flat()
        .filter(isObject)
    : [];

/** One of each platform in the entry. What cannot be read is left out: the rest is as good as before. */
function systemsIn(entry: Record<string, unknown>, list: SignedSystem["list"]): SignedSystem[] {
  const { ProductVersion: version, Build: build, PostingDate: postedOn, ExpirationDate: lastDay } = entry;
  const { ProductVersionExtra: extra, PrerequisiteBuild: prerequisite, SupportedDevices: models } = entry;
  if (!isText(version, /^\d{1,4}(\.\d{1,3}){0,2}$/) || !isText(build, /^[0-9A-Za-z]{1,20}$/)) return [];
  if (!isText(postedOn, aDay) || !Array.isArray(models)) return [];
  const key = versionKey(version);
  if (key === undefined) return [];
  const until = isText(lastDay, aDay) ? lastDay : null;
  const byPlatform = new Map<Platform, Record<string, string | null>>();
  for (const model of models.slice(0, mostModels)) {
    const platform = isText(model, /^[\w,.-]{1,40}$/) ? platformOfModel(model) : undefined;
    if (platform === undefined) continue;
    byPlatform.set(platform, { ...byPlatform.get(platform), [model as string]: until });
  }
  return [...byPlatform].map(([platform, some]) => ({
    list,
    platform,
    version,
    supplement: isText(extra, /^\([a-z]\)$/) ? extra : "",
    build,
    versionKey: key,
    prerequisiteBuild: isText(prerequisite, /^[0-9A-Za-z]{1,20}$/) ? prerequisite : null,
    postedOn,
    models: some,
  }));
}

const aDay = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const isText = (value: unknown, form: RegExp): value is string =>
  typeof value === "string" && form.test(value);

export const identityOf = ({
  list,
  platform,
  version,
  build,
}: Pick<SignedSystem, "list" | "platform" | "version" | "build">): string =>
  [list, platform, version, build].join(" ");

function merge(found: Map<string, SignedSystem>, system: SignedSystem): void {
  const other = found.get(identityOf(system));
  if (other === undefined) {
    found.set(identityOf(system), system);
    return;
  }
  for (const [model, until] of Object.entries(system.models)) {
    const before = other.models[model];
    // In two entries: the later of the two days, and none is later than any.
    other.models[model] =
      before === null || until === null ? null : before === undefined || until > before ? until : before;
  }
  if (system.postedOn < other.postedOn) other.postedOn = system.postedOn;
}

const families: readonly [RegExp, Platform][] = [
  [/^(iPhone|iPod)/, "ios"],
  [/^iPad/, "ipados"],
  [/^AppleTV/, "tvos"],
  [/^RealityDevice/, "visionos"],
  [/^Watch/, "watchos"],
  // Boards of Apple silicon and T2, older Intel Macs, and virtual ones.
  [/^(J\d+\w*AP|X\d+\w*AP|Mac-[0-9A-F]{16}|VMA\w*AP|VMM-\w+)$/, "macos"],
];

/** Undefined: of no platform that is managed here, such as a loudspeaker. */
export const platformOfModel = (model: string): Platform | undefined =>
  families.find(([form]) => form.test(model))?.[1];
