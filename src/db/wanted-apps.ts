import { inArray, type SQL, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { libraryApps } from "./schema/apps.ts";
import { contentAssets, contentLocations, contentUsers, licences, storeItems } from "./schema/licences.ts";

/**
 * The apps with these names, with all that decides whether a device may have them: what the location has, what the store
 * says, and the licence of the device or of its person. One statement of the batch that reads the library.
 */
export type WantedAppRow = Awaited<ReturnType<typeof selectWantedApps>>[number];

export const selectWantedApps = (db: Db, names: SQL, deviceId: string) =>
  db
    .select({
      app: libraryApps,
      location: { name: contentLocations.name, rival: contentLocations.rival, state: contentLocations.state },
      asset: { platforms: contentAssets.platforms, isForDevices: contentAssets.isForDevices },
      store: { bundleId: storeItems.bundleId, externalVersionId: storeItems.externalVersionId },
      person: {
        clientUserId: contentUsers.clientUserId,
        status: contentUsers.status,
        intent: contentUsers.intent,
      },
      deviceLicence: { heldAt: licences.heldAt, intent: licences.intent, trouble: licences.trouble },
      personLicence: sql<string | null>`(SELECT json_array(held_at, intent, trouble) FROM licences AS l
        WHERE l.location = ${libraryApps.location} AND l.adam_id = ${libraryApps.adamId} AND l.pricing = 'STDQ'
          AND l.holder_kind = 'user' AND l.holder = ${contentUsers.clientUserId})`,
    })
    .from(libraryApps)
    .leftJoin(contentLocations, sql`${contentLocations.name} = ${libraryApps.location}`)
    .leftJoin(
      contentAssets,
      sql`${contentAssets.location} = ${libraryApps.location} AND ${contentAssets.adamId} = ${libraryApps.adamId}
        AND ${contentAssets.pricing} = 'STDQ'`,
    )
    .leftJoin(
      storeItems,
      sql`${storeItems.adamId} = ${libraryApps.adamId} AND ${storeItems.country} = coalesce(${contentLocations.country}, 'US')`,
    )
    .leftJoin(
      contentUsers,
      sql`${contentUsers.location} = ${libraryApps.location} AND ${contentUsers.clientUserId} = (
        SELECT u.client_user_id FROM content_users AS u, people
        WHERE u.location = ${libraryApps.location} AND coalesce(u.status, '') NOT IN ('Retired', 'Deleted')
          AND people.id = (SELECT person_id FROM devices WHERE id = ${deviceId})
          AND (u.client_user_id = people.id OR lower(u.managed_apple_id) = people.account_key)
        ORDER BY u.client_user_id = people.id DESC, u.client_user_id LIMIT 1)`,
    )
    .leftJoin(
      licences,
      sql`${licences.location} = ${libraryApps.location} AND ${licences.adamId} = ${libraryApps.adamId}
        AND ${licences.pricing} = 'STDQ' AND ${licences.holderKind} = 'device'
        AND ${licences.holder} = (SELECT serial FROM devices WHERE id = ${deviceId})`,
    )
    .where(inArray(libraryApps.name, names));
