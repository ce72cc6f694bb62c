import { and, eq, sql } from "drizzle-orm";
import type { MemberKind } from "./assignment-changes.ts";
import type { Statement } from "./directory.ts";
import type { Channel } from "./memberships.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { deviceChoices } from "./schema/sets.ts";

/** What channels chose of the optional members of their sets. */
export type ChoiceRow = typeof deviceChoices.$inferSelect;
export type Chosen = { kind: MemberKind; identifier: string };

const chosenOn = ({ deviceId, userId }: Channel) =>
  and(eq(deviceChoices.deviceId, deviceId), eq(deviceChoices.userId, userId));

/** `by`: a token's id; null: a person at the device. A choice that is there already stays as it is. */
export const choose = (
  db: Db,
  { deviceId, userId }: Channel,
  { kind, identifier }: Chosen,
  { generation, now, by }: { generation: number; now: number; by: string | null },
): Statement =>
  db
    .insert(deviceChoices)
    .values({ deviceId, userId, kind, identifier, generation, chosenAt: now, chosenBy: by })
    .onConflictDoUpdate({
      target: [deviceChoices.deviceId, deviceChoices.userId, deviceChoices.kind, deviceChoices.identifier],
      set: { generation, chosenAt: now, chosenBy: by },
      setWhere: sql`${deviceChoices.generation} < excluded.generation`,
    });

export const dropChoice = (db: Db, channel: Channel, { kind, identifier }: Chosen): Statement =>
  db
    .delete(deviceChoices)
    .where(and(chosenOn(channel), eq(deviceChoices.kind, kind), eq(deviceChoices.identifier, identifier)));

/** Choices of earlier enrollments count for nothing. */
export const dropEarlierChoices = (db: Db, deviceId: string, generation: number): Statement =>
  db
    .delete(deviceChoices)
    .where(and(eq(deviceChoices.deviceId, deviceId), sql`${deviceChoices.generation} < ${generation}`));

export const dropChoices = (db: Db, deviceId: string): Statement =>
  db.delete(deviceChoices).where(eq(deviceChoices.deviceId, deviceId));

export type OfferRow = {
  kind: MemberKind;
  identifier: string;
  /** For people; null: it has none. */
  name: string | null;
  /** Of an app in the store. */
  iconUrl: string | null;
  /** The sets that offer it, as JSON. */
  sets: string;
  chosenAt: number | null;
  chosenBy: string | null;
  /** As its object last reported it; null: it has reported nothing. */
  state: string | null;
  reason: string | null;
  stateAt: number | null;
};

/** Optional members of these sets that none of them requires, in the order of kinds and identifiers. */
export const offersOf = (
  db: Db,
  { deviceId, userId }: Channel,
  generation: number,
  setNames: readonly string[],
): Promise<OfferRow[]> =>
  read(() =>
    db.all<OfferRow>(sql`
      WITH offered AS (
        SELECT kind, identifier, json_group_array(set_name) AS sets FROM set_members
        WHERE set_name IN (SELECT value FROM json_each(${JSON.stringify(setNames)}))
          AND (kind <> 'app' OR ${userId} = '')
        GROUP BY kind, identifier HAVING min(optional) = 1
      )
      SELECT offered.kind, offered.identifier, coalesce(library.name, item.name) AS name,
        item.icon_url AS iconUrl, sets, chosen_at AS chosenAt, chosen_by AS chosenBy,
        coalesce(profile.state, declaration.state, app.state) AS state,
        coalesce(profile.reason, declaration.reasons, app.reason) AS reason,
        coalesce(profile.updated_at, declaration.updated_at, app.since) AS stateAt
      FROM offered
        LEFT JOIN device_choices AS choice ON choice.device_id = ${deviceId} AND choice.user_id = ${userId}
          AND choice.kind = offered.kind AND choice.identifier = offered.identifier AND generation = ${generation}
        LEFT JOIN profiles AS library ON offered.kind = 'profile' AND library.identifier = offered.identifier
        LEFT JOIN profile_states AS profile ON offered.kind = 'profile' AND profile.device_id = ${deviceId}
          AND profile.user_id = ${userId} AND profile.identifier = offered.identifier
        LEFT JOIN declaration_states AS declaration ON offered.kind = 'declaration'
          AND declaration.device_id = ${deviceId} AND declaration.user_id = ${userId}
          AND declaration.identifier = offered.identifier
        LEFT JOIN app_states AS app ON offered.kind = 'app' AND app.device_id = ${deviceId}
          AND app.name = offered.identifier
        LEFT JOIN library_apps AS sold ON offered.kind = 'app' AND sold.name = offered.identifier
        LEFT JOIN store_items AS item ON item.adam_id = sold.adam_id AND item.country = (
          SELECT min(country) FROM store_items AS told WHERE told.adam_id = sold.adam_id AND told.name IS NOT NULL)
      ORDER BY offered.kind, offered.identifier`),
  );
