import { type SQL, sql } from "drizzle-orm";
import type { LicenceHolder } from "../apps-and-books/assignment.ts";
import type { Statement } from "./directory.ts";
import { giveUp } from "./give-up-licences.ts";
import type { Db } from "./open.ts";
import { licences } from "./schema/licences.ts";
import { assignmentChanges } from "./schema/sets.ts";

/**
 * Licences that apps of the library want for the devices that should have them. They are wanted by `app:{name}`; what
 * somebody wants by hand stays theirs.
 */
export type AppLicence = {
  location: string;
  adamId: string;
  pricing: string;
  holder: LicenceHolder;
};

export const wantedByApp = (name: string): string => `app:${name}`;

/** The same again changes nothing. `dueAt`: the same for many devices, so that they go into one order. */
export const wantForApps = (
  db: Db,
  wishes: readonly (AppLicence & { app: string })[],
  { now, dueAt }: { now: number; dueAt: number },
): Statement => {
  const json = JSON.stringify(
    wishes.map(({ location, adamId, pricing, holder, app }) => [
      ...[location, adamId, pricing, holder.kind, holder.id, wantedByApp(app)],
    ]),
  );
  return db
    .insert(licences)
    .select(
      sql`SELECT value->>0, value->>1, value->>2, value->>3, value->>4, NULL, NULL, 'hold', value->>5, ${now}, NULL, 0, NULL, ${dueAt}
        FROM json_each(${json}) WHERE true`,
    )
    .onConflictDoUpdate({
      target: [licences.location, licences.adamId, licences.pricing, licences.holderKind, licences.holder],
      set: {
        intent: "hold",
        intentBy: sql`excluded.intent_by`,
        intentAt: sql`excluded.intent_at`,
        tries: 0,
        trouble: null,
        // One that an order goes for is looked at when that is through.
        dueAt: sql`CASE WHEN licences.held_at IS NOT NULL OR licences.order_id IS NOT NULL THEN NULL ELSE excluded.due_at END`,
      },
      setWhere: sql`licences.intent IS NOT 'hold'`,
    });
};

/** It is given back, where an app wanted it. What Apple never gave is forgotten at once. */
export function freeOfApps(
  db: Db,
  { location, adamId, pricing, holder }: AppLicence,
  { now, dueAt }: { now: number; dueAt: number },
): Statement[] {
  const which = sql`location = ${location} AND adam_id = ${adamId} AND pricing = ${pricing}
    AND holder_kind = ${holder.kind} AND holder = ${holder.id} AND intent = 'hold' AND intent_by LIKE 'app:%'`;
  return giveUp(db, which, undefined, now, dueAt);
}

/** Whether another device of the same person has the app, and so needs the person's licence. */
export async function isUsedElsewhere(db: Db, app: string, deviceId: string): Promise<boolean> {
  const [row] = await db.all(sql`
    SELECT 1 FROM app_states JOIN devices ON devices.id = device_id
    WHERE app_states.name = ${app} AND device_id <> ${deviceId}
      AND person_id = (SELECT person_id FROM devices WHERE id = ${deviceId}) LIMIT 1`);
  return row !== undefined;
}

/** Devices whose apps wait for these licences look again at what they should have. */
const tell = (db: Db, which: SQL, now: number): Statement =>
  db.insert(assignmentChanges).select(
    sql`SELECT NULL, 'device', NULL, id, 0, 0, ${now}, NULL FROM (
      SELECT devices.id FROM licences JOIN devices ON devices.serial = licences.holder AND devices.state = 'enrolled'
        WHERE ${which} AND intent_by LIKE 'app:%' AND holder_kind = 'device'
      UNION
      SELECT app_states.device_id FROM licences JOIN app_states
        ON app_states.name = substr(intent_by, 5) AND app_states.state = 'waiting_for_licence'
        WHERE ${which} AND intent_by LIKE 'app:%' AND holder_kind = 'user')`,
  );

/** An order has ended. This must come before the statements that end it. */
export const tellDevicesOfOrder = (db: Db, orderId: string, now: number): Statement =>
  tell(db, sql`order_id = ${orderId}`, now);

/** Apple says of these that they are held. This must come before the statement that notes it. */
export const tellDevicesOf = (
  db: Db,
  location: string,
  keys: readonly { adamId: string; pricing: string; holder: LicenceHolder }[],
  now: number,
): Statement =>
  tell(
    db,
    sql`location = ${location} AND held_at IS NULL AND intent = 'hold' AND (adam_id, pricing, holder_kind, holder) IN
      (SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(${JSON.stringify(
        keys.map(({ adamId, pricing, holder }) => [adamId, pricing, holder.kind, holder.id]),
      )}))`,
    now,
  );
