import { and, asc, eq, getTableColumns, inArray, isNotNull, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import { asFilter, filterColumns } from "./filters.ts";
import type { Db } from "./open.ts";
import { personColumns } from "./people.ts";
import { entryColumns } from "./profiles.ts";
import { read } from "./read.ts";
import { assetFiles, declarations } from "./schema/declarations.ts";
import { channels, devices, deviceTags } from "./schema/devices.ts";
import { people } from "./schema/people.ts";
import { profiles } from "./schema/profiles.ts";
import { rolloutItems, rollouts } from "./schema/rollouts.ts";
import { channelSets, deviceChoices, setMembers, sets } from "./schema/sets.ts";
import { selectWantedApps } from "./wanted-apps.ts";

/** What an object reads when it reconciles: always two requests to D1. */
export type Standing = Awaited<ReturnType<typeof readStanding>>;
export type HeldRow = Standing["held"][number];

/**
 * The device, its person, its channels and tags, the sets of each channel with what it chose of them, and all filters that
 * may give it more.
 */
export async function readStanding(db: Db, deviceId: string) {
  const { userId, kind, enabled, topic, userShortName, userLongName } = channels;
  const [[device], users, tags, held, rules, [person], choices] = await read(() =>
    db.batch([
      db.select().from(devices).where(eq(devices.id, deviceId)),
      db
        .select({ userId, kind, enabled, topic, userShortName, userLongName })
        .from(channels)
        .where(eq(channels.deviceId, deviceId)),
      db
        .select({ tag: deviceTags.tag })
        .from(deviceTags)
        .where(eq(deviceTags.deviceId, deviceId))
        .orderBy(asc(deviceTags.tag)),
      db
        .select()
        .from(channelSets)
        .where(eq(channelSets.deviceId, deviceId))
        .orderBy(asc(channelSets.userId), asc(channelSets.setName), asc(channelSets.source)),
      db.select(filterColumns).from(sets).where(isNotNull(sets.rule)).orderBy(asc(sets.name)),
      db
        .select(personColumns)
        .from(people)
        .where(sql`${people.id} = (SELECT person_id FROM devices WHERE id = ${deviceId})`),
      db
        .select()
        .from(deviceChoices)
        .where(
          sql`${deviceChoices.deviceId} = ${deviceId}
            AND ${deviceChoices.generation} = (SELECT generation FROM devices WHERE id = ${deviceId})`,
        ),
    ]),
  );
  return {
    device,
    channels: users,
    tags: tags.map(({ tag }) => tag),
    held,
    rules: rules.flatMap(asFilter),
    person,
    choices,
  };
}

export type LibraryRows = Awaited<ReturnType<typeof readLibrary>>;
/** A part of an open rollout, with what decides whether it has reached a device. */
export type OpenItem = LibraryRows["items"][number];

const rolling = { seed: rollouts.seed, plan: rollouts.plan, cutoffs: rollouts.cutoffs, ring: rollouts.ring };

/** The content of these sets, with everything from the library that is needed to fill it in; profiles without contents. */
export async function readLibrary(db: Db, setNames: readonly string[], deviceId: string) {
  const named = among(setNames);
  // What a rollout takes away stays with the devices that it has not reached.
  const appNames = sql`(SELECT identifier FROM set_members WHERE kind = 'app' AND set_name IN ${named})`;
  const heldOf = (kind: "profile" | "declaration") =>
    sql`SELECT identifier FROM set_members WHERE kind = ${kind} AND set_name IN ${named}
      UNION SELECT identifier FROM rollout_items
        WHERE open = 1 AND change = 'removed' AND kind = ${kind} AND set_name IN ${named}`;
  const formerOf = (key: string) =>
    sql`SELECT former ->> ${key} FROM rollout_items
      WHERE open = 1 AND kind = 'declaration' AND identifier IN (${heldOf("declaration")})`;
  const profileIds = sql`${heldOf("profile")} UNION SELECT refers_to FROM declaration_references
    WHERE kind = 'profile' AND identifier IN (${heldOf("declaration")}) UNION ${formerOf("$.payload.profile")}`;
  const [members, declared, profiled, files, activating, naming, items, apps] = await read(() =>
    db.batch([
      db
        .select()
        .from(setMembers)
        .where(inArray(setMembers.setName, named))
        .orderBy(asc(setMembers.setName), asc(setMembers.kind), asc(setMembers.identifier)),
      db
        .select()
        .from(declarations)
        .where(inArray(declarations.identifier, sql`(${heldOf("declaration")})`)),
      db
        .select(entryColumns)
        .from(profiles)
        .where(inArray(profiles.identifier, sql`(${profileIds})`)),
      db
        .select()
        .from(assetFiles)
        .where(
          inArray(
            assetFiles.sha256,
            sql`(SELECT data_sha256 FROM declarations
              WHERE data_sha256 IS NOT NULL AND identifier IN (${heldOf("declaration")})
              UNION ${formerOf("$.dataSha256")})`,
          ),
        ),
      db
        .select({ name: sets.name, predicate: sets.predicate })
        .from(sets)
        .where(and(inArray(sets.name, named), eq(sets.activate, true)))
        .orderBy(asc(sets.name)),
      db
        .select({ name: sets.name, template: sql<string>`${sets.deviceName}` })
        .from(sets)
        .where(and(inArray(sets.name, named), isNotNull(sets.deviceName)))
        .orderBy(asc(sets.name)),
      db
        .select({ ...getTableColumns(rolloutItems), ...rolling })
        .from(rolloutItems)
        .innerJoin(rollouts, eq(rollouts.id, rolloutItems.rolloutId))
        .where(
          sql`open = 1 AND (set_name IN ${named}
            OR (rollout_items.kind = 'profile' AND identifier IN (${profileIds}) AND set_name = '')
            OR (rollout_items.kind = 'declaration' AND identifier IN (${heldOf("declaration")}) AND set_name = ''))`,
        ),
      selectWantedApps(db, appNames, deviceId),
    ]),
  );
  return { members, declarations: declared, profiles: profiled, files, activating, naming, items, apps };
}
