import type { Desk } from "./desk.ts";
import { currentIdentity } from "./renewal.ts";
import { hasProfile } from "./schedule.ts";

/** Renews the identity now, whenever it would be due. False where there is none, or no profile to send again. */
export function askRenewal({ store, now }: Desk): boolean {
  if (!store.exists()) return false;
  const { state, terms, generation } = store.device();
  const identity = currentIdentity(store.identities(), generation);
  if (state !== "enrolled" || identity === undefined || !hasProfile(terms)) return false;
  const { fingerprint } = identity;
  const known = store.renewal();
  const row = known?.fingerprint === fingerprint ? known : undefined;
  if (row?.command_uuid) return true;
  const asked = { look_at: now, fingerprint, due_at: now, command_uuid: null, error: null };
  store.setRenewal({ ...asked, attempts: row?.attempts ?? 0 });
  return true;
}

/** The next request of this device is answered so that it removes its management profile. */
export function endEnrollment(desk: Desk, requestedBy: string): boolean {
  const { store } = desk;
  if (!store.exists() || store.device().state === "unenrolled") return false;
  if (store.device().ending === 1) return true;
  store.setDevice({ ending: 1 });
  desk.wake("");
  desk.tell({ name: "device.unenroll_requested", detail: { by: requestedBy } });
  return true;
}

export function revokeIdentity(desk: Desk, fingerprint: string): boolean {
  if (!desk.store.exists() || desk.store.revokeIdentity(fingerprint, desk.now) === 0) return false;
  desk.tell({ name: "identity.revoked", detail: { fingerprint } });
  return true;
}

/** The device no longer goes by this identity: it may be enrolled with it anew, by Authenticate, like any other. */
export function unbindIdentity(desk: Desk, fingerprint: string, by: string): boolean {
  if (!desk.store.exists() || desk.store.unpinIdentity(fingerprint) === 0) return false;
  desk.tell({ name: "identity.unbound", detail: { fingerprint, by } });
  return true;
}

/** Ends the overlap of a renewed identity with the one it replaced. */
export function endOverlap(desk: Desk, by: string): number {
  if (!desk.store.exists()) return 0;
  const overlapping = desk.store
    .identities()
    .filter(({ retiresAt }) => retiresAt !== null && retiresAt > desk.now);
  for (const { fingerprint } of overlapping) {
    desk.store.retireIdentity(fingerprint, desk.now);
    desk.tell({
      name: "identity.superseded",
      detail: { fingerprint, accepted_until: new Date(desk.now).toISOString(), by },
    });
  }
  return overlapping.length;
}
