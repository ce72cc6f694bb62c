import type { DeviceAttestation } from "../acme/attested-facts.ts";
import type { Authorization } from "../enrollment/account/grants.ts";
import type { ProvenIdentifiers } from "../mdm/proven.ts";
import { hasProfile } from "./alarm/schedule.ts";
import { describeNaming, type NamingDescription } from "./desired/naming/describe.ts";
import { currentIdentity } from "./identity/renewal.ts";
import { isChanged } from "./rotation/settle.ts";
import type { ChannelRow } from "./store/rows.ts";
import type { Store } from "./store/store.ts";
import type { Turn } from "./turn.ts";
import {
  type AttestationFailure,
  attestationFailureOf,
  attestationOf,
  factsOf,
  inventoryOf,
  type KnownInventory,
  type KnownTraits,
  provenOf,
  traitsOf,
} from "./turn.ts";

/** Everything about the enrollment except what is sealed. */
export type DeviceDescription = {
  state: "pending" | "enrolled" | "unenrolled" | "erased";
  generation: number;
  pendingGeneration: number | null;
  ending: boolean;
  lastSeenAt: number | null;
  facts: ReturnType<typeof factsOf>;
  proven: ProvenIdentifiers;
  attestation: DeviceAttestation | null;
  attestationFailure: AttestationFailure | null;
  /** The terms of the enrollment profile, as JSON text; null when they are not known. */
  terms: string | null;
  traits: KnownTraits;
  renewal: RenewalDescription;
  /** Of a device that enrolled by a person's sign-in. */
  signIn: { account: string; signedInAt: number; until: number | null } | null;
  inventory: KnownInventory;
  channels: ChannelDescription[];
  /** Only identities that are still accepted. */
  identities: ReturnType<Store["identities"]>;
  escrow: {
    id: number;
    name: string;
    userId: string;
    generation: number;
    storedAt: number;
    confirmed: boolean;
    current: boolean;
  }[];
  /** null: no set names it. */
  naming: NamingDescription | null;
  /** Secrets that somebody has read and that the device has not changed yet. */
  rotations: RotationDescription[];
  undelivered: number;
  /** Counted since the object woke. */
  rowsWritten: number;
};

/** The state of the renewal of the identity. */
export type RenewalDescription = {
  /** `not_possible`: the server does not know the profile that the device enrolled with. */
  state: "not_possible" | "not_due" | "under_way" | "failed";
  /** When the present identity ends. */
  expiresAt: number | null;
  dueAt: number | null;
  commandUuid: string | null;
  attempts: number;
  error: string | null;
  /** When the object checks next. */
  nextLookAt: number | null;
};

export type RotationDescription = {
  name: string;
  state: "due" | "under_way" | "failed";
  readAt: number;
  dueAt: number;
  commandUuid: string | null;
  attempts: number;
  error: string | null;
  /** When it is tried, or tried again; null: a command waits, or it was given up. */
  nextAt: number | null;
};

export type ChannelDescription = {
  userId: string;
  kind: ChannelRow["kind"];
  enabled: boolean;
  topic: string | null;
  userShortName: string | null;
  userLongName: string | null;
  awaitingConfiguration: boolean;
  tokenUpdateAt: number | null;
  waiting: number;
  pushOutcome: string | null;
  pushOutcomeAt: number | null;
  unreachable: boolean;
};

/** By this a command is judged: an administrator's command waits for no more. */
export type CommandFacts = Pick<DeviceDescription, "facts" | "terms" | "traits"> & {
  channels: Pick<ChannelDescription, "kind">[];
};

export function commandFacts({ store }: Turn): CommandFacts | undefined {
  if (!store.exists()) return undefined;
  const device = store.device();
  return {
    facts: factsOf(device),
    terms: device.terms,
    traits: traitsOf(device),
    channels: store.channels().map(({ kind }) => ({ kind })),
  };
}

export function describeDevice({ store }: Turn): DeviceDescription | undefined {
  if (!store.exists()) return undefined;
  const device = store.device();
  return {
    state: device.state,
    generation: device.generation,
    pendingGeneration: device.pending_generation,
    ending: device.ending === 1,
    lastSeenAt: device.last_seen_at,
    facts: factsOf(device),
    proven: provenOf(device),
    attestation: attestationOf(device) ?? null,
    attestationFailure: attestationFailureOf(device) ?? null,
    terms: device.terms,
    traits: traitsOf(device),
    renewal: describeRenewal(store),
    signIn: signInOf(device.authorization),
    inventory: inventoryOf(device),
    channels: store.channels().map((row) => channelOf(store, row)),
    identities: store
      .identities()
      .filter(
        ({ generation, unboundAt }) =>
          unboundAt === null && [device.generation, device.pending_generation].includes(generation),
      ),
    escrow: store.escrow().map(({ id, name, user_id, generation, stored_at, confirmed }) => ({
      id,
      name,
      userId: user_id,
      generation,
      storedAt: stored_at,
      confirmed: confirmed === 1,
      current: generation === device.generation,
    })),
    naming: describeNaming(store),
    rotations: describeRotations(store),
    undelivered: store.outboxCount(),
    rowsWritten: store.rowsWritten(),
  };
}

const describeRotations = (store: Store): RotationDescription[] =>
  store
    .rotations()
    .filter((row) => row.generation === store.device().generation && !isChanged({ store }, row))
    .map((row) => ({
      name: row.name,
      state: row.command_uuid ? "under_way" : row.error ? "failed" : "due",
      readAt: row.read_at,
      dueAt: row.due_at,
      commandUuid: row.command_uuid,
      attempts: row.attempts,
      error: row.error,
      nextAt: row.command_uuid ? null : row.look_at,
    }));

function signInOf(held: string | null): DeviceDescription["signIn"] {
  if (held === null) return null;
  const { account, issuedAt: signedInAt, until } = JSON.parse(held) as Authorization;
  return { account, signedInAt, until };
}

function describeRenewal(store: Store): RenewalDescription {
  const { terms, generation } = store.device();
  const identity = currentIdentity(store.identities(), generation);
  const row = store.renewal();
  const known = row !== undefined && row.fingerprint === identity?.fingerprint ? row : undefined;
  const running = known?.command_uuid ? "under_way" : known?.error ? "failed" : "not_due";
  return {
    state: hasProfile(terms) ? running : "not_possible",
    expiresAt: identity?.notAfter ?? null,
    dueAt: known?.due_at ?? null,
    commandUuid: known?.command_uuid ?? null,
    attempts: known?.attempts ?? 0,
    error: known?.error ?? null,
    nextLookAt: row?.look_at ?? null,
  };
}

const channelOf = (store: Store, row: ChannelRow): ChannelDescription => ({
  userId: row.user_id,
  kind: row.kind,
  enabled: row.enabled === 1,
  topic: row.topic,
  userShortName: row.user_short_name,
  userLongName: row.user_long_name,
  awaitingConfiguration: row.awaiting_configuration === 1,
  tokenUpdateAt: row.token_update_at,
  waiting: store.queue(row.user_id).length,
  pushOutcome: row.push_outcome,
  pushOutcomeAt: row.push_outcome_at,
  unreachable: row.unreachable === 1,
});
