import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { FileFacts } from "../package-files/facts.ts";
import { among } from "./batch.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { libraryApps } from "./schema/apps.ts";
import { contentAssets } from "./schema/licences.ts";
import { packageFiles, packages } from "./schema/packages.ts";
import { setMembers } from "./schema/sets.ts";

/** The apps of these sets, with what says which platforms they are for. */
export const appsOfSets = (db: Db, setNames: readonly string[]) =>
  read(() =>
    db
      .selectDistinct({
        name: libraryApps.name,
        source: libraryApps.source,
        licensed: contentAssets.platforms,
        file: sql`${packageFiles.facts}`.mapWith(
          (text: string | null) => JSON.parse(text ?? "null") as FileFacts | null,
        ),
      })
      .from(setMembers)
      .innerJoin(libraryApps, eq(libraryApps.name, setMembers.identifier))
      .leftJoin(
        contentAssets,
        and(
          eq(contentAssets.location, libraryApps.location),
          eq(contentAssets.adamId, libraryApps.adamId),
          eq(contentAssets.pricing, "STDQ"),
        ),
      )
      .leftJoin(packages, sql`${packages.name} = ${libraryApps.source} ->> '$.package.name'`)
      .leftJoin(packageFiles, eq(packageFiles.id, packages.fileId))
      .where(and(eq(setMembers.kind, "app"), inArray(setMembers.setName, among(setNames))))
      .orderBy(asc(libraryApps.name))
      .limit(most),
  );

/** What is left out is told by the states of the devices. */
const most = 200;
