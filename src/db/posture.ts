import { and, eq, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { devices } from "./schema/devices.ts";

/** The enrolled devices with these serial numbers, in lower case; by the index of serial numbers. */
export const enrolledWithSerials = (db: Db, serials: readonly string[]) =>
  read(() =>
    db
      .select({
        id: devices.id,
        serial: sql<string>`${devices.serialKey}`,
        lastSeenAt: devices.lastSeenAt,
        encrypted: devices.encrypted,
        passcodePresent: devices.passcodePresent,
        passcodeCompliant: devices.passcodeCompliant,
        attestedAt: devices.attestedAt,
      })
      .from(devices)
      .where(and(sql`${devices.serialKey} IN ${among(serials)}`, eq(devices.state, "enrolled"))),
  );
