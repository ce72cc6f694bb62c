import type { Identity } from "../identity/enrollment.ts";
import type { RenewalRow } from "../identity/renewal.ts";
import { schemaSteps, withoutComments } from "../schema/steps.ts";
import { remembered } from "./remembered.ts";
import { type DeviceRow, type IdentityRow, toIdentity } from "./rows.ts";
import { assignments, type Statements } from "./statements.ts";

/** The schema, the enrollment as a whole, its identities and their renewal. */
export function enrollmentStatements({ rows, row, run }: Statements) {
  const exists = remembered(
    () => row("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'device'") !== undefined,
  );
  const device = remembered(() => row<DeviceRow>("SELECT * FROM device") as DeviceRow);
  const identities = remembered(() => rows<IdentityRow>("SELECT * FROM identities").map(toIdentity));

  const forgetEnrollment = (): void => {
    for (const one of [exists, device, identities]) one.forget();
  };

  const changeIdentities = (query: string, ...bindings: SqlStorageValue[]): number => {
    identities.forget();
    return run(query, ...bindings);
  };

  return {
    forgetEnrollment,

    // -- the schema

    exists: exists.get,

    /** Asks again. */
    stillExists(): boolean {
      exists.forget();
      return exists.get();
    },

    create(deviceId: string): void {
      forgetEnrollment();
      for (const step of schemaSteps) run(withoutComments(step));
      run(
        "INSERT INTO device (id, schema_version, device_id) VALUES (1, ?, ?)",
        schemaSteps.length,
        deviceId,
      );
    },

    upgrade(): void {
      const version = device.get().schema_version;
      if (version >= schemaSteps.length) return;
      for (const step of schemaSteps.slice(version)) run(withoutComments(step));
      run("UPDATE device SET schema_version = ?", schemaSteps.length);
      device.forget();
    },

    // -- the device and its identities

    device: device.get,

    setDevice(change: Partial<Omit<DeviceRow, "device_id" | "schema_version">>): void {
      device.forget();
      const { set, values } = assignments(change);
      run(`UPDATE device SET ${set}`, ...values);
    },

    identities: identities.get,

    pinIdentity: (identity: Identity): number =>
      changeIdentities(
        `INSERT OR REPLACE INTO identities (fingerprint, generation, not_after, pinned_at, retires_at, revoked_at, revoked_for, unbound_at, renewal_of)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        identity.fingerprint,
        identity.generation,
        identity.notAfter,
        identity.pinnedAt,
        identity.retiresAt,
        identity.revokedAt,
        identity.revokedFor,
        identity.unboundAt,
        identity.renewalOf,
      ),

    /** null: it stays in use as if no newer one had been used. */
    retireIdentity: (fingerprint: string, at: number | null): number =>
      changeIdentities("UPDATE identities SET retires_at = ? WHERE fingerprint = ?", at, fingerprint),

    /** The time of the first revocation stays. */
    revokeIdentity: (fingerprint: string, reason: string, at: number): number =>
      changeIdentities(
        "UPDATE identities SET revoked_at = coalesce(revoked_at, ?), revoked_for = ? WHERE fingerprint = ?",
        at,
        reason,
        fingerprint,
      ),

    unbindIdentity: (fingerprint: string, at: number): number =>
      changeIdentities("UPDATE identities SET unbound_at = ? WHERE fingerprint = ?", at, fingerprint),

    /** Only of other generations. Expired identities are never accepted, so they need not be remembered. */
    forgetExpiredIdentities: (generation: number, now: number): number =>
      changeIdentities("DELETE FROM identities WHERE generation <> ? AND not_after <= ?", generation, now),

    // -- renewal of the identity

    renewal: (): RenewalRow | undefined =>
      row<RenewalRow>(
        "SELECT look_at, fingerprint, due_at, attempts, command_uuid, error FROM renewal WHERE id = 1",
      ),

    setRenewal: (renewal: RenewalRow): number =>
      run(
        "INSERT OR REPLACE INTO renewal (id, look_at, fingerprint, due_at, attempts, command_uuid, error) VALUES (1, ?, ?, ?, ?, ?, ?)",
        renewal.look_at,
        renewal.fingerprint,
        renewal.due_at,
        renewal.attempts,
        renewal.command_uuid,
        renewal.error,
      ),

    /** Sets only the time of the next check: the state of a renewal stays as it is. */
    lookAtRenewal: (at: number): number =>
      run(
        `INSERT INTO renewal (id, look_at, fingerprint, due_at, attempts) VALUES (1, ?, '', 0, 0)
         ON CONFLICT (id) DO UPDATE SET look_at = excluded.look_at`,
        at,
      ),

    forgetRenewal: (): number => run("DELETE FROM renewal"),

    forgetRenewalRequests: (before: number): number =>
      run("DELETE FROM renewal_requests WHERE asked_at <= ?", before),

    /** The keys that renewals were granted for. */
    renewalRequests: (): string[] =>
      rows<{ spki_hash: string }>("SELECT spki_hash FROM renewal_requests").map(({ spki_hash }) => spki_hash),

    addRenewalRequest: (spkiHash: string, at: number): number =>
      run("INSERT INTO renewal_requests (spki_hash, asked_at) VALUES (?, ?)", spkiHash, at),
  };
}
