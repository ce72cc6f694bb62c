import { type DeclarationRow, findDeclarations } from "../db/declarations.ts";
import { type LibraryRows, readLibrary, readStanding } from "../db/desired-state.ts";
import { type Db, openDb } from "../db/open.ts";
import { keyOfUse, newestOfUses, revokeUsesOf, type UseCertificate } from "../db/use-certificates.ts";
import { variableFacts } from "../db/variable-facts.ts";
import type { WantedAppRow } from "../db/wanted-apps.ts";
import { forbiddenDeclarations, type OwnersPlatform } from "../library/user-enrollment.ts";
import { wantLicencesForApps } from "../licences/of-apps.ts";
import type { ProvenIdentifiers } from "../mdm/proven.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { contentBefore, heldBackFrom, membersBefore } from "../rollouts/held-back.ts";
import { nameFrom, type WantedName } from "./device-name.ts";
import { fillChannel, libraryOf, type WantedProfile, type Withheld } from "./fill-channel.ts";
import { followFilters } from "./follow-filters.ts";
import { ownDeclarations } from "./own-declarations.ts";
import type { RenderedDeclaration } from "./render-declaration.ts";
import { withShelfUrl } from "./shelf-link.ts";
import { activationsFor, once, setsOf, type Wanted, wantedBy } from "./wanted.ts";
import { type LicenceHolderFacts, type WantedApp, wantedApps } from "./wanted-apps.ts";

/**
 * What a device should have: the profiles and declarations of all sets of each of its channels, filled in for it. This
 * takes a few queries, whatever the number of sets. It writes only the sets that follow from filters, so it may be
 * repeated at any time.
 */
export type DesiredState = {
  /** Empty for the device channel. */
  userId: string;
  declarations: RenderedDeclaration[];
  profiles: WantedProfile[];
  /** Of the device channel. */
  apps: WantedApp[];
  /** Of the device channel: how the device should be called, if a set says so. */
  name: WantedName | undefined;
  /** What cannot be delivered to this channel at present. */
  withheld: Withheld[];
  /** The values it was filled in with. */
  facts: VariableFacts;
};

type Place = { deviceId: string /** The enrollment that asks. */; generation: number; origin: string };

/** For each of these channels; undefined: the directory does not list the device, so nothing changes on it. */
export async function loadDesiredState(
  env: Env,
  { deviceId, generation, origin }: Place,
  userIds: readonly string[],
): Promise<DesiredState[] | undefined> {
  const db = openDb(env.DB);
  const standing = await readStanding(db, deviceId);
  const { device, channels } = standing;
  if (device === undefined) return undefined;
  // Facts and proofs of an earlier enrollment do not apply to this one.
  if (device.generation !== generation) throw new Error("the directory does not know this enrollment yet");
  const settings = await settingsOf(env);
  const identifiers = settings.trust_reported_identifiers ? "reported" : "proven";
  const isTrusted = identifiers === "reported" || !device.heldBack;
  const byRule = await followFilters(db, deviceId, standing, identifiers);
  const held = byRule.filter(({ source }) => isTrusted || source === "rule");
  const [tags, attributes, person] = isTrusted
    ? [standing.tags, device.attributes, standing.person]
    : [[], {}, undefined];
  const [read, newest] = await Promise.all([
    readLibrary(db, [...new Set(held.map(({ setName }) => setName))], deviceId),
    newestOfUses(db, deviceId, generation),
  ]);
  const heldBack = await heldBackFrom(read.items, deviceId, new Set(held.map(({ setName }) => setName)));
  const { activating, naming } = read;
  const members = membersBefore(read.members, heldBack);
  const rows = {
    files: read.files,
    profiles: contentBefore(read.profiles, "profile", heldBack),
    declarations: contentBefore(read.declarations, "declaration", heldBack),
  };
  const promised = await promisedTo(env, device.kind);
  rows.declarations.push(...promised.filter(({ identifier }) => !isAmong(rows.declarations, identifier)));
  const library = { ...libraryOf(rows), forbidden: await forbiddenTo(device, rows) };
  const holder = {
    ...{ deviceId, kind: device.kind, platform: device.platform ?? undefined },
    productName: device.productName ?? undefined,
    serial: serialOf(device, identifiers),
    person: isTrusted ? standing.person : undefined,
  };
  const uses = { place: { deviceId, kind: device.kind, generation, origin, tags, settings }, newest };
  const states = await Promise.all(
    userIds.map(async (userId) => {
      const isDevice = userId === "";
      const facts = await withShelfUrl(
        env,
        origin,
        { deviceId, userId },
        device,
        variableFacts({ ...device, attributes }, isDevice ? undefined : { userId, channels }, person),
      );
      const sets = setsOf(held, userId);
      const wanted = once([
        ...wantedBy(userId, sets, members, standing.choices),
        ...(isDevice ? promised.map(asWanted) : []),
      ]);
      const filled = await fillChannel(env, library, wanted, facts, { userId, uses });
      const apps = isDevice ? await appsOf(env, read.apps, { wanted, holder, facts }) : [];
      const name = isDevice
        ? nameFrom(
            naming.filter((set) => sets.has(set.name)),
            facts,
          )
        : undefined;
      const about = { deviceId, userId, platform: device.platform, kind: device.kind, tags, attributes };
      const own = await ownDeclarations(settings, about, filled.declarations.length > 0);
      const activations = await activationsFor(sets, members, activating, filled.declarations);
      const declarations = [...filled.declarations, ...activations, ...own];
      return {
        userId,
        facts,
        declarations,
        profiles: filled.profiles,
        apps,
        name,
        withheld: [...filled.withheld, ...withheldName(name)],
      };
    }),
  );
  await withdrawUses(db, deviceId, generation, newest, states);
  return states;
}

/** Licences that are missing are asked for at once: the device looks again when they are there. */
async function appsOf(
  env: Env,
  rows: readonly WantedAppRow[],
  { wanted, holder, facts }: { wanted: readonly Wanted[]; holder: LicenceHolderFacts; facts: VariableFacts },
): Promise<WantedApp[]> {
  const names = new Set(wanted.filter(({ kind }) => kind === "app").map(({ identifier }) => identifier));
  const named = rows.filter(({ app }) => names.has(app.name));
  if (named.length === 0) return [];
  const { apps, wishes } = await wantedApps(env, named, holder, facts);
  await wantLicencesForApps(env, wishes, Date.now());
  return apps;
}

/** A licence goes to a number that the device only claims if the settings trust what devices report. */
const serialOf = (
  { serial, proven }: { serial: string | null; proven: ProvenIdentifiers },
  trusted: "reported" | "proven",
): string | undefined => {
  const isProven = proven.serial_number !== undefined && proven.serial_number !== "disputed";
  return serial !== null && (isProven || (trusted === "reported" && proven.serial_number !== "disputed"))
    ? serial
    : undefined;
};

const withheldName = (name: WantedName | undefined): Withheld[] =>
  name === undefined || "name" in name ? [] : [{ kind: "name", identifier: name.set, missing: name.missing }];

/** Where a device loses an asset, it deletes the key of its certificate. */
async function withdrawUses(
  db: Db,
  deviceId: string,
  generation: number,
  newest: ReadonlyMap<string, UseCertificate>,
  states: readonly DesiredState[],
): Promise<void> {
  const keys = states.flatMap(({ userId, declarations }) =>
    declarations.map(({ identifier }) => keyOfUse({ userId, declaration: identifier })),
  );
  const isLost = [...newest].some(([key, { revokedAt }]) => revokedAt === null && !keys.includes(key));
  if (isLost) await revokeUsesOf(db, deviceId, { generation, keys }, Date.now());
}

/** Checking the settings needs a library that no device's request should wait for. */
async function settingsOf(env: Env) {
  const { loadSettings } = await import("../admin/settings.ts");
  return loadSettings(env, Date.now());
}

/**
 * What a device that enrolled by an account got before anybody had signed in (Enrollment SSO): it removes what is not in
 * its first set.
 */
async function promisedTo(env: Env, kind: string): Promise<DeclarationRow[]> {
  if (kind !== "user" && kind !== "account_device") return [];
  const { loadEnrollmentSettings } = await import("../enrollment/enrollment-settings.ts");
  const { account_driven } = await loadEnrollmentSettings(env, Date.now());
  const identifiers = account_driven.enabled ? account_driven.sso?.declarations : undefined;
  return identifiers === undefined ? [] : findDeclarations(openDb(env.DB), identifiers);
}

const isAmong = (rows: readonly DeclarationRow[], identifier: string): boolean =>
  rows.some((row) => row.identifier === identifier);

const asWanted = ({ identifier }: DeclarationRow): Wanted => ({ kind: "declaration", identifier });

/** Only of devices that their users enrolled. */
const forbiddenTo = async (
  { kind, platform }: { kind: string; platform: OwnersPlatform | null },
  { declarations, profiles }: Pick<LibraryRows, "declarations" | "profiles">,
): Promise<Map<string, string>> =>
  kind === "user" && platform !== null
    ? forbiddenDeclarations(declarations, profiles, platform)
    : new Map<string, string>();
