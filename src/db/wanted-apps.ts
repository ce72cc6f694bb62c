import { inArray, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { FileFacts } from "../package-files/facts.ts";
import type { Db } from "./open.ts";
import type { AdeTrouble } from "./schema/ade.ts";
import { libraryApps } from "./schema/apps.ts";
import { contentAssets, contentLocations, contentUsers, licences, storeItems } from "./schema/licences.ts";
import { packageFiles, packages } from "./schema/packages.ts";

/**
 * The apps with these names, with all that decides whether a device may have them: what the location has, what the store
 * says, and the licence of the device or of its person. One statement of the batch that reads the library.
 */
export type WantedAppRow = Awaited<ReturnType<typeof selectWantedApps>>[number];

/** A licence as it stands. */
export type HeldLicence = {
  heldAt: number | null;
  intent: "hold" | "free" | null;
  trouble: AdeTrouble | null;
};

/** Of a row that may be missing: then it is null. */
const part = <Part>(key: SQLiteColumn, json: SQL) =>
  sql`CASE WHEN ${key} IS NOT NULL THEN ${json} END`.mapWith(
    (text: string) => JSON.parse(text) as Part | null,
  );

export const selectWantedApps = (db: Db, names: SQL, deviceId: string) =>
  db
    .select({
      // D1 answers a batch by the names of columns, so each name may be there once.
      app: libraryApps,
      location: part<{ name: string; rival: { name: string } | null }>(
        contentLocations.name,
        sql`json_object('name', ${contentLocations.name}, 'rival', json(${contentLocations.rival}))`,
      ).as("of_location"),
      asset: part<{ platforms: string[]; isForDevices: 0 | 1 }>(
        contentAssets.adamId,
        sql`json_object('platforms', json(${contentAssets.platforms}), 'isForDevices', ${contentAssets.isForDevices})`,
      ).as("of_asset"),
      store: part<{ bundleId: string | null; externalVersionId: string | null }>(
        storeItems.adamId,
        sql`json_object('bundleId', ${storeItems.bundleId}, 'externalVersionId', ${storeItems.externalVersionId})`,
      ).as("of_store"),
      file: part<{ id: string; uploadedAt: number; identifier: string; facts: FileFacts }>(
        packageFiles.id,
        sql`json_object('id', ${packageFiles.id}, 'uploadedAt', ${packageFiles.uploadedAt},
          'identifier', ${packageFiles.identifier}, 'facts', json(${packageFiles.facts}))`,
      ).as("of_file"),
      person: part<{ clientUserId: string }>(
        contentUsers.clientUserId,
        sql`json_object('clientUserId', ${contentUsers.clientUserId})`,
      ).as("of_person"),
      deviceLicence: part<HeldLicence>(
        licences.adamId,
        sql`json_object('heldAt', ${licences.heldAt}, 'intent', ${licences.intent}, 'trouble', json(${licences.trouble}))`,
      ).as("of_device_licence"),
      personLicence:
        sql`(SELECT json_object('heldAt', held_at, 'intent', intent, 'trouble', json(trouble)) FROM licences AS l
        WHERE l.location = ${libraryApps.location} AND l.adam_id = ${libraryApps.adamId} AND l.pricing = 'STDQ'
          AND l.holder_kind = 'user' AND l.holder = ${contentUsers.clientUserId})`
          .mapWith((text: string) => JSON.parse(text) as HeldLicence | null)
          .as("of_person_licence"),
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
    .leftJoin(packages, sql`${packages.name} = ${libraryApps.source} ->> '$.package.name'`)
    .leftJoin(packageFiles, sql`${packageFiles.id} = ${packages.fileId}`)
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
