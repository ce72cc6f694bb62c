import type { Identity } from "../enrollment-state.ts";
import type { RenewalRow } from "../renewal.ts";
import { type DeviceRow, type IdentityRow, toIdentity } from "../rows.ts";
import { schemaSteps } from "../schema.ts";
import { remembered } from "./remembered.ts";
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

    create(deviceId: string): void {
      forgetEnrollment();
      for (const step of schemaSteps) run(step);
      run(
        "INSERT INTO device (id, schema_version, device_id) VALUES (1, ?, ?)",
        schemaSteps.length,
        deviceId,
      );
    },

    upgrade(): void {
      const version = device.get().schema_version;
      if (version >= schemaSteps.length) return;
      for (const step of schemaSteps.slice(version)) run(step);
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
        "INSERT OR REPLACE INTO identities (fingerprint, generation, not_after, pinned_at, retires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?)",
        identity.fingerprint,
        identity.generation,
        identity.notAfter,
        identity.pinnedAt,
        identity.retiresAt,
        identity.revokedAt,
      ),

    retireIdentity: (fingerprint: string, at: number): number =>
      changeIdentities("UPDATE identities SET retires_at = ? WHERE fingerprint = ?", at, fingerprint),

    revokeIdentity: (fingerprint: string, at: number): number =>
      changeIdentities(
        "UPDATE identities SET revoked_at = ? WHERE fingerprint = ? AND revoked_at IS NULL",
        at,
        fingerprint,
      ),

    unpinIdentity: (fingerprint: string): number =>
      changeIdentities("DELETE FROM identities WHERE fingerprint = ?", fingerprint),

    keepIdentitiesOf: (generation: number): number =>
      changeIdentities("DELETE FROM identities WHERE generation <> ?", generation),

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

    /** Not before: what was known of a renewal stays as it is. */
    lookAtRenewal: (at: number): number =>
      run(
        `INSERT INTO renewal (id, look_at, fingerprint, due_at, attempts) VALUES (1, ?, '', 0, 0)
         ON CONFLICT (id) DO UPDATE SET look_at = excluded.look_at`,
        at,
      ),

    forgetRenewal: (): number => run("DELETE FROM renewal"),
  };
}
