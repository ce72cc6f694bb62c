import type { DeviceAttestation } from "../../acme/attested-facts.ts";
import type { DeviceFacts } from "../../mdm/checkin.ts";
import type { ProvenIdentifiers } from "../../mdm/proven.ts";
import { gatherMs, outboxDueAt } from "../alarm/outbox.ts";
import { restartDeclarative } from "../desired/declarations/restart.ts";
import type { Identity } from "../identity/enrollment.ts";
import { standingOf } from "../identity/standing.ts";
import { finishUnanswered } from "../queue/finish.ts";
import { attestationOf, type DeviceTurn, factsOf, kindOfTerms, provenOf } from "../turn.ts";

/** What a pending enrollment reported about itself, and how much of it is proven. */
export type PendingIdentifiers = {
  facts: DeviceFacts;
  proven: ProvenIdentifiers;
  attestation: DeviceAttestation | undefined;
};

/**
 * A new generation becomes the active one at the first TokenUpdate with its identity. The escrow of the old one stays
 * for administrators; its queue, channels and identities are deleted.
 */
export function commitGeneration(turn: DeviceTurn, identity: Identity, pending?: PendingIdentifiers): void {
  const { store, enrollment, now } = turn;
  const replaced = enrollment.generation;
  if (replaced > 0) clear(turn);
  store.pinIdentity({ ...identity, generation: identity.generation });
  store.forgetExpiredIdentities(identity.generation, now);
  store.forgetRenewal();
  store.promoteMessage("PendingAuthenticate", "Authenticate");
  // Without one, the device starts again with its present identity: what it reported and what was proven stays.
  const { facts, proven, attestation } = pending ?? {
    facts: factsOf(turn.device),
    proven: provenOf(turn.device),
    attestation: attestationOf(turn.device),
  };
  const terms = pending ? (turn.device?.pending_terms ?? null) : null;
  store.setDevice({
    generation: identity.generation,
    pending_generation: null,
    pending_facts: null,
    terms,
    pending_terms: null,
    authorization: pending ? (turn.device?.pending_authorization ?? null) : null,
    pending_authorization: null,
    reauthenticated: 0,
    ending: 0,
    signed_at: null,
    facts: JSON.stringify(facts),
    proven: JSON.stringify(proven),
    attestation: attestation ? JSON.stringify(attestation) : null,
    attestation_due_at: null,
    attestation_failure: null,
    traits: "{}",
    inventory: "{}",
    inventory_due_at: outboxDueAt(store) ?? now + gatherMs,
    inventory_round_at: null,
    intent_due_at: outboxDueAt(store) ?? now + gatherMs,
    intent_quiet: 0,
  });
  turn.tell({
    name: "device.enrolled",
    detail: {
      generation: identity.generation,
      replaces: replaced || null,
      fingerprint: identity.fingerprint,
    },
    change: {
      device: {
        generation: identity.generation,
        kind: kindOfTerms(terms, turn.channel.kind === "user_enrollment"),
        facts,
        proven,
        attestation: attestation ?? null,
        ...(pending && { isVouchedFor: proven.udid !== undefined }),
        enrolledAt: now,
      },
      ...standingOf(store, [identity.fingerprint]),
      ...(replaced > 0 ? { allChannels: "forgotten" as const } : {}),
    },
  });
  // After the event that makes the directory forget the state of the previous enrollment.
  restartDeclarative(turn);
}

function clear(turn: DeviceTurn): void {
  const { store, enrollment } = turn;
  store.dropAssignment();
  store.dropSetups();
  for (const { user_id } of store.waitingChannels()) {
    for (const command of store.queue(user_id)) {
      finishUnanswered(turn, command, "cancelled", "the device enrolled again");
    }
  }
  const escrowed = new Set(
    store
      .escrow()
      .filter(({ generation }) => generation === enrollment.generation)
      .map(({ name }) => name),
  );
  for (const name of escrowed) {
    turn.tell({ name: "escrow.archived", detail: { name, generation: enrollment.generation } });
  }
  store.dropChannels();
  store.dropInventory();
}
