import type { AssetFileRow } from "../db/asset-files.ts";
import type { ChoiceRow } from "../db/choices.ts";
import { type DeclarationRow, findDeclarations } from "../db/declarations.ts";
import { type HeldRow, readLibrary, readStanding } from "../db/desired-state.ts";
import { type Db, openDb } from "../db/open.ts";
import type { ProfileEntry } from "../db/profiles.ts";
import { keyOfUse, newestOfUses, revokeUsesOf, type UseCertificate } from "../db/use-certificates.ts";
import { variableFacts } from "../db/variable-facts.ts";
import type { WantedAppRow } from "../db/wanted-apps.ts";
import { forbiddenDeclarations, type OwnersPlatform } from "../library/user-enrollment.ts";
import { wantLicencesForApps } from "../licences/of-apps.ts";
import type { ProvenIdentifiers } from "../mdm/proven.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { type ConnectivityPart, connectivityOf } from "../profiles/connectivity.ts";
import { contentBefore, heldBackFrom, membersBefore } from "../rollouts/held-back.ts";
import { type NamingSet, nameFrom, type WantedName } from "./device-name.ts";
import { filesFor } from "./filled-file.ts";
import { followFilters } from "./follow-filters.ts";
import { ownDeclarations } from "./own-declarations.ts";
import { type RenderedDeclaration, type RenderPlace, renderDeclaration } from "./render-declaration.ts";
import { digestsOf } from "./render-profile.ts";
import { type Activating, activateSet } from "./set-activation.ts";
import { withShelfUrl } from "./shelf-link.ts";
import { type UsePlace, useDocumentsFor } from "./use-documents.ts";
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

/** A profile without its content, which is read when it is sent. */
export type WantedProfile = {
  identifier: string;
  version: number;
  /** It differs if this channel would get different content. */
  digest: string;
  /** What in it the device needs to reach the server. */
  connectivity: readonly ConnectivityPart[];
};

export type Withheld = {
  /** A name is withheld for the set that it comes from. */
  kind: "profile" | "declaration" | "name";
  identifier: string;
  /** Variables without a value here, or items that are not in the library. */
  missing: string[];
  /** Why this enrollment may not have it, whatever values there are. */
  forbidden?: string;
  connectivity?: readonly ConnectivityPart[];
};

type Place = { deviceId: string /** The enrollment that asks. */; generation: number; origin: string };
type Uses = { place: UsePlace; newest: ReadonlyMap<string, UseCertificate> };
type Library = {
  profiles: Map<string, ProfileEntry>;
  declarations: Map<string, DeclarationRow>;
  files: readonly AssetFileRow[];
  /** Declarations that this enrollment may not have, and why. */
  forbidden: ReadonlyMap<string, string>;
};

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
    ...{ deviceId, kind: device.kind },
    serial: serialOf(device, identifiers),
    person: isTrusted ? standing.person : undefined,
  };
  const uses = { place: { deviceId, kind: device.kind, generation, origin, tags, settings }, newest };
  const states = await Promise.all(
    userIds.map(async (userId) => {
      const facts = await withShelfUrl(
        env,
        origin,
        { deviceId, userId },
        device,
        variableFacts({ ...device, attributes }, userId === "" ? undefined : { userId, channels }, person),
      );
      const wanted = [
        ...wantedBy(userId, held, members, standing.choices),
        ...(userId === "" ? promised : []).map(asWanted),
      ];
      const desired = await desiredStateOf(env, library, wanted, facts, { userId, uses });
      const apps = userId === "" ? await appsOf(env, read.apps, { wanted, holder, facts }) : [];
      const about = { deviceId, userId, platform: device.platform, kind: device.kind, tags, attributes };
      const own = await ownDeclarations(settings, about, desired.declarations.length > 0);
      const activations = await activationsFor(userId, held, members, activating, desired.declarations);
      const declarations = [...desired.declarations, ...activations, ...own];
      return withName({ ...desired, apps, declarations }, held, naming);
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

/** Only the device itself has one: a name belongs to no user channel. */
function withName(
  desired: DesiredState,
  held: readonly HeldRow[],
  naming: readonly NamingSet[],
): DesiredState {
  if (desired.userId !== "") return desired;
  const names = new Set(held.filter(({ userId }) => userId === "").map(({ setName }) => setName));
  const name = nameFrom(
    naming.filter((set) => names.has(set.name)),
    desired.facts,
  );
  if (name === undefined || "name" in name) return { ...desired, name };
  const withheld = { kind: "name" as const, identifier: name.set, missing: name.missing };
  return { ...desired, name, withheld: [...desired.withheld, withheld] };
}

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
  { declarations, profiles }: Pick<Rows, "declarations" | "profiles">,
): Promise<Map<string, string>> =>
  kind === "user" && platform !== null
    ? forbiddenDeclarations(declarations, profiles, platform)
    : new Map<string, string>();

type Rows = Awaited<ReturnType<typeof readLibrary>>;
type Member = Rows["members"][number];
type Wanted = { kind: Member["kind"]; identifier: string };

/** An item in several sets is wanted once. An optional one is wanted where it was chosen, or where another set requires it. */
function wantedBy(
  userId: string,
  held: readonly HeldRow[],
  members: readonly Member[],
  choices: readonly ChoiceRow[],
): Wanted[] {
  const names = new Set(held.filter((row) => row.userId === userId).map(({ setName }) => setName));
  const chosen = new Set(choices.filter((row) => row.userId === userId).map(nameOf));
  const wanted = members.filter(
    (member) => names.has(member.setName) && (!member.optional || chosen.has(nameOf(member))),
  );
  return once(wanted);
}

const once = (wanted: readonly Wanted[]): Wanted[] => [
  ...new Map(wanted.map((one) => [nameOf(one), one])).values(),
];

const nameOf = ({ kind, identifier }: Wanted): string => `${kind} ${identifier}`;

/** For each set with its own activation: those of its configurations that the channel gets. */
async function activationsFor(
  userId: string,
  held: readonly HeldRow[],
  members: readonly Member[],
  activating: readonly Activating[],
  rendered: readonly RenderedDeclaration[],
): Promise<RenderedDeclaration[]> {
  const names = new Set(held.filter((row) => row.userId === userId).map(({ setName }) => setName));
  const configurations = new Set(
    rendered.filter(({ kind }) => kind === "configuration").map(({ identifier }) => identifier),
  );
  const made = await Promise.all(
    activating
      .filter(({ name }) => names.has(name))
      .map((set) => {
        const inSet = members.filter(({ setName, kind }) => setName === set.name && kind === "declaration");
        const meant = inSet.filter(
          ({ identifier, policy }) => policy === null && configurations.has(identifier),
        );
        return activateSet(
          set,
          meant.map(({ identifier }) => identifier),
        );
      }),
  );
  return made.filter((activation) => activation !== undefined);
}

const libraryOf = ({
  profiles,
  declarations,
  files,
}: Pick<Rows, "profiles" | "declarations" | "files">): Omit<Library, "forbidden"> => ({
  files,
  profiles: new Map(profiles.map((row) => [row.identifier, row])),
  declarations: new Map(declarations.map((row) => [row.identifier, row])),
});

async function desiredStateOf(
  env: Env,
  library: Library,
  wanted: readonly Wanted[],
  facts: VariableFacts,
  { userId, uses }: { userId: string; uses: Uses },
): Promise<DesiredState> {
  const desired: DesiredState = {
    userId,
    declarations: [],
    profiles: [],
    apps: [],
    name: undefined,
    withheld: [],
    facts,
  };
  // An asset that nobody chose gets no certificate.
  const asking = once(wanted).flatMap(({ kind, identifier }) => {
    const row = kind === "declaration" ? library.declarations.get(identifier) : undefined;
    return row === undefined ? [] : [row];
  });
  const [digests, files, documents] = await Promise.all([
    digestsOf([...library.profiles.values()], facts),
    filesFor(env, library.files, facts),
    useDocumentsFor(env, asking, uses.place, userId, facts, uses.newest, Date.now()),
  ]);
  const { deviceId, origin } = uses.place;
  const place: RenderPlace = {
    origin,
    deviceId,
    file: (sha256) => files.get(sha256),
    useDocument: (identifier) => documents.get(identifier),
    profileDigest: (identifier) => digests.get(identifier),
  };
  for (const { kind, identifier } of once(wanted)) {
    if (kind === "app") continue;
    const trouble = (missing: string[], connectivity?: readonly ConnectivityPart[]) =>
      desired.withheld.push({ kind, identifier, missing, ...(connectivity && { connectivity }) });
    if (kind === "profile") {
      const [row, digest] = [library.profiles.get(identifier), digests.get(identifier)];
      // It was just deleted or is being restored: both request another reconcile of this device.
      if (row === undefined || digest === undefined) continue;
      const connectivity = connectivityOf(row.payloadTypes);
      if (digest.ok)
        desired.profiles.push({ identifier, version: row.version, digest: digest.value, connectivity });
      else trouble(digest.refusal.missing, connectivity);
    } else {
      const row = library.declarations.get(identifier);
      const forbidden = library.forbidden.get(identifier);
      if (forbidden !== undefined) {
        desired.withheld.push({ kind, identifier, missing: [], forbidden });
        continue;
      }
      const rendered = row && (await renderDeclaration(row, facts, place));
      if (rendered?.ok) desired.declarations.push(rendered.value);
      else if (rendered) trouble(rendered.refusal.missing);
    }
  }
  return desired;
}
