import * as v from "valibot";
import type { AppSource, AppUpdates } from "../../../apps/app.ts";
import { chosenPlatforms } from "../../../apps/fit.ts";
import { type AppState, appStates } from "../../../apps/states.ts";
import type { JsonValue } from "../../../catalog/to-json.ts";
import type { AppOnDevice } from "../../../db/app-states.ts";
import type { AppEntry } from "../../../db/library-apps.ts";
import { type Platform, platforms } from "../../../mdm/platform.ts";
import { packageName } from "../packages/package-json.ts";
import { isoTime, Time } from "../route/times.ts";

/** How apps of the library look in the API. */
const whole = v.pipe(v.number(), v.integer());

export const appName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, "must be up to 64 letters, digits, hyphens and underscores"),
);

const httpsUrl = v.pipe(
  v.string(),
  v.maxLength(2_000),
  v.check((url) => URL.canParse(url) && new URL(url).protocol === "https:", "must be an https address"),
);

const bundleId = v.pipe(
  v.string(),
  v.maxLength(255),
  v.regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/, "must be a bundle id, such as com.example.app"),
);

const chosen = v.pipe(
  v.optional(
    v.nullable(
      v.pipe(
        v.array(v.picklist(platforms)),
        v.minLength(1),
        v.check((names) => new Set(names).size === names.length, "must name each platform once"),
      ),
    ),
    null,
  ),
  v.description(
    "The only platforms that it goes to; null: all that it is built for. Macs with Apple silicon get apps of iPhones only where `macos` is named",
  ),
);

const store = v.strictObject({
  adam_id: v.pipe(v.string(), v.regex(/^\d{1,20}$/, "must be the digits of an App Store id")),
  location: v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(64),
    v.description("Of Apps and Books, which licenses it"),
  ),
  platforms: chosen,
});

const manifest = v.strictObject({
  url: v.pipe(httpsUrl, v.description("The address of the manifest")),
  bundle_id: v.pipe(
    v.optional(v.nullable(bundleId), null),
    v.description("What the app is called on devices: without it a Mac cannot be told to remove the app"),
  ),
  platforms: chosen,
});

const hosted = v.strictObject({
  name: v.pipe(packageName, v.description("Of a file that this server hosts")),
});

const Source = v.pipe(
  v.strictObject({ store: v.optional(store), manifest: v.optional(manifest), package: v.optional(hosted) }),
  v.check((source) => Object.keys(source).length === 1, "must have one of: store, manifest, package"),
  v.description(
    "Where it comes from: the App Store, also for custom apps, a manifest of your own, or a package that this server hosts",
  ),
);

const clock = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time, such as 22:00"));

const Updates = v.pipe(
  v.union([
    v.picklist(["always", "never"]),
    v.pipe(
      v.strictObject({ from: clock, until: clock }),
      v.check(({ from, until }) => from !== until, "must begin and end at different times"),
    ),
  ]),
  v.description("When it is updated: always, never, or in a window by the clock of the device"),
);

const behaviour = {
  remove_when_unassigned: v.pipe(
    v.boolean(),
    v.description("Whether it is removed from a device that should not have it any more"),
  ),
  updates: Updates,
  pinned_version: v.pipe(
    v.nullable(v.pipe(whole, v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER))),
    v.description(
      "Apple's external version id: this version stays. Devices that are told by commands get the newest, and are not updated",
    ),
  ),
};

const configuration = v.record(v.string(), v.unknown());

export const NewApp = v.pipe(
  v.strictObject({
    source: Source,
    configuration: v.pipe(
      v.optional(v.nullable(configuration)),
      v.description("Managed app configuration, with variables; null: none. Left out: as it was"),
    ),
    behaviour: v.optional(
      v.strictObject({
        remove_when_unassigned: v.optional(behaviour.remove_when_unassigned, true),
        updates: v.optional(behaviour.updates, "always"),
        pinned_version: v.optional(behaviour.pinned_version, null),
      }),
      {},
    ),
  }),
  v.title("NewApp"),
);

const named = v.pipe(
  v.nullable(v.array(v.picklist(platforms))),
  v.description("The only ones that it goes to; null: all that it is built for"),
);

const entries = {
  name: v.string(),
  version: v.pipe(whole, v.description("Goes up by one with each change")),
  source: v.object({
    store: v.exactOptional(v.object({ adam_id: v.string(), location: v.string(), platforms: named })),
    manifest: v.exactOptional(
      v.object({ url: v.string(), bundle_id: v.nullable(v.string()), platforms: named }),
    ),
    package: v.exactOptional(v.object({ name: v.string() })),
  }),
  behaviour: v.object(behaviour),
  variables: v.pipe(v.array(v.string()), v.description("That are filled in for each device")),
  has_configuration: v.boolean(),
  configuration_digest: v.pipe(
    v.nullable(v.string()),
    v.description("SHA-256 of the configuration as a property list, before variables are filled in"),
  ),
  title: v.pipe(v.nullable(v.string()), v.description("What the store calls it")),
  bundle_id: v.nullable(v.string()),
  store_version: v.pipe(v.nullable(v.string()), v.description("The newest")),
  icon_url: v.nullable(v.string()),
  created_at: Time,
  updated_at: Time,
  updated_by: v.pipe(v.string(), v.description("The id of a token")),
};

export const App = v.pipe(v.object(entries), v.title("App"));

const sets = v.pipe(v.array(v.string()), v.description("The sets that give it to devices: 20 at most"));
const counts = v.pipe(
  v.record(v.picklist(appStates), whole),
  v.description("How many devices are in each state; 10000 means this number or more"),
);

export const AppDetail = v.pipe(
  v.object({
    ...entries,
    configuration: v.pipe(
      v.nullable(configuration),
      v.description("Its values are shown to admins, and masked for others"),
    ),
    sets,
    counts,
  }),
  v.title("AppDetail"),
);

export const SavedApp = v.pipe(
  v.object({
    ...entries,
    outcome: v.picklist(["added", "changed", "unchanged"]),
    warnings: v.array(v.object({ code: v.string(), detail: v.string() })),
  }),
  v.title("SavedApp"),
);

export const AppDevice = v.pipe(
  v.object({
    device_id: v.string(),
    name: v.nullable(v.string()),
    serial: v.nullable(v.string()),
    state: v.picklist(appStates),
    since: Time,
    reason: v.nullable(v.string()),
    version: v.pipe(whole, v.description("Of the library, that the device should have")),
    managed_by: v.pipe(
      v.nullable(v.picklist(["declarations", "commands"])),
      v.description("What brings it; it stays the same until the app is removed. null: nothing was begun"),
    ),
    bundle_id: v.nullable(v.string()),
    installed_version: v.pipe(v.nullable(v.string()), v.description("As the device says")),
  }),
  v.title("AppOnDevice"),
);

export const sourceOf = ({
  store: given,
  manifest: own,
  package: file,
}: v.InferOutput<typeof Source>): AppSource => {
  if (given)
    return { store: { adamId: given.adam_id, location: given.location, ...limits(given.platforms) } };
  if (file) return { package: { name: file.name } };
  return { manifest: { url: own?.url ?? "", bundleId: own?.bundle_id ?? null, ...limits(own?.platforms) } };
};

const limits = (names: readonly Platform[] | null | undefined) => (names ? { platforms: names } : {});

export const updatesOf = (updates: v.InferOutput<typeof Updates>): AppUpdates =>
  typeof updates === "string" ? updates : { from: minutesOf(updates.from), until: minutesOf(updates.until) };

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
};

const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

function presentSource(source: AppSource) {
  if ("package" in source) return source;
  const platforms = [...(chosenPlatforms(source) ?? [])];
  const limited = { platforms: platforms.length > 0 ? platforms : null };
  return "store" in source
    ? { store: { adam_id: source.store.adamId, location: source.store.location, ...limited } }
    : { manifest: { url: source.manifest.url, bundle_id: source.manifest.bundleId, ...limited } };
}

const presentUpdates = (updates: AppUpdates) =>
  typeof updates === "string" ? updates : { from: clockOf(updates.from), until: clockOf(updates.until) };

export const presentApp = (row: AppEntry): v.InferInput<typeof App> => ({
  name: row.name,
  version: row.version,
  source: presentSource(row.source),
  behaviour: {
    remove_when_unassigned: row.removeWhenUnassigned,
    updates: presentUpdates(row.updates),
    pinned_version: row.pinnedVersion,
  },
  variables: row.variables,
  has_configuration: row.configurationDigest !== null,
  configuration_digest: row.configurationDigest,
  title: row.store?.title ?? null,
  bundle_id: row.store?.bundleId ?? ("manifest" in row.source ? row.source.manifest.bundleId : null),
  store_version: row.store?.version ?? null,
  icon_url: row.store?.iconUrl ?? null,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
  updated_by: row.updatedBy,
});

export const presentDevice = (row: AppOnDevice): v.InferInput<typeof AppDevice> => ({
  device_id: row.deviceId,
  name: row.deviceName,
  serial: row.serial,
  state: row.state as AppState,
  since: isoTime(row.since),
  reason: row.reason,
  version: row.version,
  managed_by: row.managedBy as "declarations" | "commands" | null,
  bundle_id: row.identifier,
  installed_version: row.installedVersion,
});

/** Which keys of an app are secret, nobody knows: all values are masked. */
export function maskedValues(json: JsonValue, mask: string): JsonValue {
  if (Array.isArray(json)) return json.map((entry) => maskedValues(entry, mask));
  if (typeof json !== "object" || json === null) return mask;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, maskedValues(value, mask)]));
}
