import type { Authorization } from "../../enrollment/account/grants.ts";
import { condemnsRenewals } from "../../enrollment/condemns.ts";
import { hasLeft } from "../../events/event.ts";
import { hasProfile } from "../alarm/schedule.ts";
import type { Turn } from "../turn.ts";
import { descendantsOf, hasFollower } from "./identity-line.ts";
import { currentIdentity } from "./renewal.ts";
import { standingOf } from "./standing.ts";

/** Renews the identity now, whether or not it is due. False if there is no identity or no profile to send again. */
export function askRenewal({ store, now }: Turn): boolean {
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

/** The answer to the device's next request will make it remove its management profile. */
export function endEnrollment(turn: Turn, requestedBy: string): boolean {
  const { store } = turn;
  if (!store.exists() || hasLeft(store.device().state)) return false;
  if (store.device().ending === 1) return true;
  store.setDevice({ ending: 1 });
  turn.wake("");
  turn.tell({ name: "device.unenroll_requested", detail: { by: requestedBy } });
  return true;
}

/**
 * Its next request is answered so that the person must sign in. False for a device that did not enroll by a sign-in, or,
 * where grants are named, that goes by another one now.
 */
export function demandSignIn(turn: Turn, requestedBy: string, grants?: readonly string[]): boolean {
  const { store, now } = turn;
  const held = store.exists() && !hasLeft(store.device().state) ? store.device().authorization : null;
  if (held === null) return false;
  const before = JSON.parse(held) as Authorization;
  if (grants !== undefined && !grants.includes(before.grant)) return false;
  const authorization: Authorization = { ...before, until: now };
  store.setDevice({ authorization: JSON.stringify(authorization) });
  turn.wake("");
  turn.tell({ name: "device.sign_in_requested", detail: { by: requestedBy } });
  return true;
}

/** With a cause, all identities that follow it are revoked too; the cause may be set later. */
export function revokeIdentity(turn: Turn, fingerprint: string, reason: string): void {
  const { store } = turn;
  if (!store.exists()) return;
  const identities = store.identities();
  const falls = [
    ...identities.filter((one) => one.fingerprint === fingerprint),
    ...(condemnsRenewals(reason) ? descendantsOf(identities, fingerprint) : []),
  ];
  for (const { fingerprint: fallen, revokedFor } of falls) {
    if (revokedFor !== null && (condemnsRenewals(revokedFor) || !condemnsRenewals(reason))) continue;
    store.revokeIdentity(fallen, reason, turn.now);
    turn.tell({ name: "identity.revoked", detail: { fingerprint: fallen, reason } });
  }
}

/**
 * Unbinds this identity from the device, permanently. If it replaced another identity whose overlap still runs, that one
 * stays in use as if this one had never existed.
 */
export function unbindIdentity(turn: Turn, fingerprint: string, by: string): boolean {
  const { store, now } = turn;
  if (!store.exists()) return false;
  const identity = store.identities().find((one) => one.fingerprint === fingerprint);
  if (identity === undefined || identity.unboundAt !== null) return false;
  store.unbindIdentity(fingerprint, now);
  const identities = store.identities();
  const before = identities.find((one) => one.fingerprint === identity.renewalOf);
  const servesOn = (before?.retiresAt ?? now) > now && !hasFollower(identities, before?.fingerprint ?? "");
  if (before && servesOn) store.retireIdentity(before.fingerprint, null);
  turn.tell({
    name: "identity.unbound",
    detail: { fingerprint, by },
    change: standingOf(store, [fingerprint, ...(before ? [before.fingerprint] : [])]),
  });
  return true;
}

/** Ends the overlap of a renewed identity with the one it replaced. */
export function endOverlap(turn: Turn, by: string): number {
  if (!turn.store.exists()) return 0;
  const overlapping = turn.store
    .identities()
    .filter(({ retiresAt, unboundAt }) => (retiresAt ?? 0) > turn.now && unboundAt === null);
  for (const { fingerprint } of overlapping) {
    turn.store.retireIdentity(fingerprint, turn.now);
    turn.tell({
      name: "identity.superseded",
      detail: { fingerprint, accepted_until: new Date(turn.now).toISOString(), by },
      change: standingOf(turn.store, [fingerprint]),
    });
  }
  return overlapping.length;
}
