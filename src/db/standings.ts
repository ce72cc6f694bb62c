import { and, eq, isNull, lt } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { certificates, type Standing } from "./schema/certificates.ts";

/** The state from the device's object, unless a newer one is stored. */
export const putStanding = (
  db: Db,
  deviceId: string,
  seq: number,
  fingerprint: string,
  standing: Standing,
): Statement =>
  db
    .update(certificates)
    .set({ standing, standingSeq: seq })
    .where(
      and(
        eq(certificates.fingerprint, fingerprint),
        eq(certificates.deviceId, deviceId),
        lt(certificates.standingSeq, seq),
      ),
    );

/** The device is deleted: none of its identities or unused renewals is accepted any more. */
export function unbindAll(db: Db, deviceId: string, now: number): Statement {
  const standing: Standing = { generation: 0, pinnedAt: now, retiresAt: null, unboundAt: now };
  return db
    .update(certificates)
    .set({ standing })
    .where(and(eq(certificates.deviceId, deviceId), isNull(certificates.use)));
}
