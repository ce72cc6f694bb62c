import { findAssetFiles } from "../db/asset-files.ts";
import { type ChannelSetRow, setsOfDevice } from "../db/channel-sets.ts";
import { type DeclarationRow, findDeclarations } from "../db/declarations.ts";
import { tagsOf } from "../db/devices.ts";
import { findListed } from "../db/directory.ts";
import { type Db, openDb } from "../db/open.ts";
import { findProfileEntries, type ProfileEntry } from "../db/profiles.ts";
import { membersOf } from "../db/sets.ts";
import { variableFacts } from "../db/variable-facts.ts";
import { wrappedProfile } from "../declarations/server-filled.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { followRules } from "./follow-rules.ts";
import { ownDeclarations } from "./own-declarations.ts";
import { digestsOf } from "./profile-digest.ts";
import { type RenderedDeclaration, type RenderPlace, renderDeclaration } from "./render-declaration.ts";

/**
 * What a device should have: the profiles and declarations of all sets of each of its channels, filled in for it. A few
 * queries, however many sets there are. Nothing is written but what it has by rule, so it may be asked as often as
 * somebody likes.
 */
export type ChannelIntent = {
  /** Empty for the device channel. */
  userId: string;
  declarations: RenderedDeclaration[];
  profiles: WantedProfile[];
  /** What cannot be delivered to this channel as things are. */
  troubles: Trouble[];
  /** What it was filled in with. */
  facts: VariableFacts;
};

/** A profile without its content, which is fetched when it is sent. */
export type WantedProfile = {
  identifier: string;
  version: number;
  /** Another one when this channel would get other content. */
  digest: string;
};

export type Trouble = {
  kind: "profile" | "declaration";
  identifier: string;
  /** Variables without a value here, or what is not in the library. */
  missing: string[];
};

type Place = { deviceId: string; origin: string };
type Library = {
  profiles: Map<string, ProfileEntry>;
  declarations: Map<string, DeclarationRow>;
  files: Map<string, { contentType: string; size: number }>;
};

/** For each of these channels; undefined: the directory does not list the device, which is then left as it is. */
export async function loadIntent(
  env: Env,
  { deviceId, origin }: Place,
  userIds: readonly string[],
): Promise<ChannelIntent[] | undefined> {
  const db = openDb(env.DB);
  await followRules(db, deviceId);
  const [listed, given] = await Promise.all([findListed(db, deviceId), setsOfDevice(db, deviceId)]);
  const { device, channels } = listed;
  if (device === undefined) return undefined;
  const [members, settings, tags] = await Promise.all([
    membersOf(db, [...new Set(given.map(({ setName }) => setName))]),
    settingsOf(env),
    tagsOf(db, deviceId),
  ]);
  const library = await loadLibrary(db, members);
  return Promise.all(
    userIds.map(async (userId) => {
      const facts = variableFacts(device, userId === "" ? undefined : { userId, channels });
      const wanted = wantedBy(userId, given, members);
      const intent = await channelIntent(library, wanted, facts, { userId, deviceId, origin });
      const about = { deviceId, userId, platform: device.platform, tags, attributes: device.attributes };
      const own = await ownDeclarations(settings, about, intent.declarations.length > 0);
      return { ...intent, declarations: [...intent.declarations, ...own] };
    }),
  );
}

/** Validating settings takes a library that no device's request should wait for. */
async function settingsOf(env: Env) {
  const { loadSettings } = await import("../admin/settings.ts");
  return loadSettings(env, Date.now());
}

type Member = Awaited<ReturnType<typeof membersOf>>[number];
type Wanted = { kind: Member["kind"]; identifier: string };

/** What several sets hold is wanted once. */
function wantedBy(userId: string, given: readonly ChannelSetRow[], members: readonly Member[]): Wanted[] {
  const names = new Set(given.filter((row) => row.userId === userId).map(({ setName }) => setName));
  const wanted = members.filter(({ setName }) => names.has(setName));
  return [...new Map(wanted.map((one) => [`${one.kind} ${one.identifier}`, one])).values()];
}

async function loadLibrary(db: Db, members: readonly Member[]): Promise<Library> {
  const named = (kind: Member["kind"]) => [
    ...new Set(members.filter((one) => one.kind === kind).map(({ identifier }) => identifier)),
  ];
  const declarations = await findDeclarations(db, named("declaration"));
  const wrapped = declarations.map(({ type, payload }) => wrappedProfile(type, payload as never));
  const digests = declarations.map(({ dataSha256 }) => dataSha256).filter((one) => one !== null);
  const [profiles, files] = await Promise.all([
    findProfileEntries(db, [...named("profile"), ...wrapped.filter((one) => one !== undefined)]),
    digests.length > 0 ? findAssetFiles(db, digests) : [],
  ]);
  return {
    profiles: new Map(profiles.map((row) => [row.identifier, row])),
    declarations: new Map(declarations.map((row) => [row.identifier, row])),
    files: new Map(files.map((row) => [row.sha256, row])),
  };
}

async function channelIntent(
  library: Library,
  wanted: readonly Wanted[],
  facts: VariableFacts,
  { userId, deviceId, origin }: Place & { userId: string },
): Promise<ChannelIntent> {
  const intent: ChannelIntent = { userId, declarations: [], profiles: [], troubles: [], facts };
  const digests = await digestsOf([...library.profiles.values()], facts);
  const place: RenderPlace = {
    origin,
    deviceId,
    file: (sha256) => library.files.get(sha256),
    profileDigest: (identifier) => digests.get(identifier),
  };
  for (const { kind, identifier } of wanted) {
    const trouble = (missing: string[]) => intent.troubles.push({ kind, identifier, missing });
    if (kind === "profile") {
      const [row, digest] = [library.profiles.get(identifier), digests.get(identifier)];
      // Deleted a moment ago, or being put back: whoever does either has this device look again.
      if (row === undefined || digest === undefined) continue;
      if (digest.ok) intent.profiles.push({ identifier, version: row.version, digest: digest.value });
      else trouble(digest.refusal.missing);
    } else {
      const row = library.declarations.get(identifier);
      const rendered = row && (await renderDeclaration(row, facts, place));
      if (rendered?.ok) intent.declarations.push(rendered.value);
      else if (rendered) trouble(rendered.refusal.missing);
    }
  }
  return intent;
}
