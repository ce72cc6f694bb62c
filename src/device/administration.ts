import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Demands } from "../catalog/demands.ts";
import type { DeviceKind, NewEvent } from "../events/event.ts";
import { tellAllStates } from "./declarations/restart.ts";
import { type KnownEnrollment, type UnmetDemand, unmetDemand } from "./demands.ts";
import type { EnrollmentTerms } from "./enrollment-state.ts";
import { finishUnanswered, queuedEvent } from "./finish.ts";
import { currentIdentity } from "./renewal.ts";
import { isRoutine } from "./routine.ts";
import type { ChannelRow, FinishedRow, NewCommand, QueueRow } from "./rows.ts";
import { hasProfile } from "./schedule.ts";
import type { Store } from "./store.ts";
import {
  factsOf,
  inventoryOf,
  type KnownInventory,
  type KnownTraits,
  kindOfTerms,
  traitsOf,
} from "./turn.ts";
import { planAnew } from "./wake.ts";

/** What administrators ask of a device's object: each a turn of its own, with nothing that waits in it. */
export type Desk = {
  store: Store;
  deviceId: string;
  now: number;
  tell: (event: NewEvent) => void;
  wake: (userId: string) => void;
  /** Something is due, some time, that no event tells of. */
  plan: () => void;
};

export type CommandInput = {
  uuid: string;
  /** Empty for the device channel. */
  userId: string;
  requestType: string;
  high: boolean;
  renewal: boolean;
  expiresAt: number | null;
  /** Who asked: a token's id, or the part of the server that wants it. */
  origin: string;
  /** Whether the device is pushed at once; otherwise it finds the command when it next connects. */
  push: boolean;
  /** Refused while another command of this type waits: it depends on how that one ends. */
  alone?: boolean;
  /** Only for a device that has been heard of; otherwise the command waits for a device still to come. */
  ifKnown?: boolean;
  /** Refused where the enrollment does not meet them. */
  demands?: Demands;
};

/** A secret that a command carries, escrowed in the same write as the command is queued. */
export type CommandSecret = {
  name: string;
  value: Bytes;
  /** In force from now on; otherwise once the device has taken the command. */
  confirmed: boolean;
};

/** A command as the object knows it, exact at once. */
export type CommandHeader = {
  id: number;
  uuid: string;
  userId: string;
  requestType: string;
  state: QueueRow["state"] | FinishedRow["state"];
  /** Null once the command has left the queue. */
  high: boolean | null;
  origin: string;
  queuedAt: number;
  sentAt: number | null;
  finishedAt: number | null;
  expiresAt: number | null;
  error: string | null;
  resultSize: number;
  truncated: boolean;
  /** Of an answer to enqueue: it was not there before. */
  added?: true;
};

export type CommandRefusal =
  | UnmetDemand
  | { reason: "unknown-device"; detail: string }
  | { reason: "unknown-channel"; detail: string }
  | { reason: "device-unenrolled"; detail: string }
  | { reason: "queue-full"; detail: string }
  | { reason: "already-waiting"; detail: string }
  | { reason: "uuid-taken"; detail: string }
  | { reason: "no-such-command"; detail: string }
  | { reason: "not-cancellable"; state: CommandHeader["state"]; detail: string };

const longestQueue = 2_000;

/** Queues a command once, however often it is asked to. */
export function enqueue(
  desk: Desk,
  input: CommandInput,
  body: Bytes,
  secrets: readonly CommandSecret[] = [],
): Result<CommandHeader, CommandRefusal> {
  const { store, now } = desk;
  if (!store.exists()) {
    if (input.ifKnown) return refuse(unknownDevice(desk));
    store.create(desk.deviceId);
  }
  const known = findCommand(desk, input.userId, input.uuid);
  if (known !== undefined) {
    return known.requestType === input.requestType ? ok(known) : refuse(uuidTaken(known));
  }
  const refusal = unwilling(desk, input);
  if (refusal !== undefined) return refuse(refusal);
  const command: NewCommand = {
    user_id: input.userId,
    uuid: input.uuid,
    request_type: input.requestType,
    high: input.high ? 1 : 0,
    renewal: input.renewal ? 1 : 0,
    queued_at: now,
    expires_at: input.expiresAt,
    origin: input.origin,
    push: input.push ? 1 : 0,
  };
  if (input.push && !store.wantedChannels().some(({ user_id }) => user_id === input.userId)) {
    planAnew(store, input.userId);
  }
  store.enqueue(command, body);
  const { generation } = store.device();
  for (const { name, value, confirmed } of secrets) {
    store.storeEscrow(name, input.userId, generation, now, value, { commandUuid: input.uuid, confirmed });
    desk.tell({ name: "escrow.stored", detail: { name, uuid: input.uuid, confirmed } });
  }
  if (!isRoutine(command)) desk.tell(queuedEvent(command));
  if (input.push) desk.wake(input.userId);
  return ok({ ...headerOf(store.queuedByUuid(input.userId, input.uuid) as QueueRow), added: true });
}

function unwilling(
  { store }: Desk,
  { userId, requestType, alone, demands }: CommandInput,
): CommandRefusal | undefined {
  if (store.device().state === "unenrolled") {
    return {
      reason: "device-unenrolled",
      detail: "the device has ended its enrollment; it would never fetch this",
    };
  }
  if (userId !== "" && store.channel(userId) === undefined) {
    return unknownChannel(userId);
  }
  const unmet = demands && unmetDemand(demands, enrollmentOf(store), userId);
  if (unmet) return unmet;
  if (alone && store.isWaiting(requestType)) {
    return {
      reason: "already-waiting",
      detail: `a ${requestType} waits already, and this one depends on how it ends; cancel it, or wait for its result`,
    };
  }
  if (store.waitingCount() >= longestQueue) {
    return {
      reason: "queue-full",
      detail: `${longestQueue} commands wait already; cancel some, or let the device fetch them`,
    };
  }
  return undefined;
}

function enrollmentOf(store: Store): KnownEnrollment {
  const device = store.device();
  const { profile } = JSON.parse(device.terms ?? "{}") as Partial<EnrollmentTerms>;
  const rights = profile?.AccessRights;
  return {
    accessRights: typeof rights === "number" ? rights : undefined,
    byUser: store.channels().some(({ kind }) => kind === "user_enrollment"),
    sharedIpad: traitsOf(device).sharedIpad,
  };
}

export function cancel(desk: Desk, userId: string, uuid: string): Result<CommandHeader, CommandRefusal> {
  const waiting = desk.store.exists() ? desk.store.queuedByUuid(userId, uuid) : undefined;
  if (waiting === undefined) {
    const known = findCommand(desk, userId, uuid);
    if (known === undefined) return refuse(noSuchCommand(uuid));
    if (known.state === "cancelled") return ok(known);
    return refuse(notCancellable(known.state));
  }
  if (waiting.state === "sent") return refuse(notCancellable("sent"));
  finishUnanswered(desk, waiting, "cancelled", null);
  return ok(findCommand(desk, userId, uuid) as CommandHeader);
}

export function findCommand({ store }: Desk, userId: string, uuid: string): CommandHeader | undefined {
  if (!store.exists()) return undefined;
  const row = store.queuedByUuid(userId, uuid) ?? store.finishedByUuid(userId, uuid);
  return row && headerOf(row);
}

/** Waiting and finished, newest first; ids below `before`. */
export function listCommands(
  desk: Desk,
  userId: string,
  limit: number,
  before = Number.MAX_SAFE_INTEGER,
): Result<CommandHeader[], CommandRefusal> {
  const { store } = desk;
  if (!store.exists()) return refuse(unknownDevice(desk));
  const waiting = store.queue(userId).filter(({ id }) => id < before);
  const found = [...waiting, ...store.finished(userId, before, limit)];
  // A user who is managed no more may still have a history.
  if (found.length === 0 && userId !== "" && store.channel(userId) === undefined) {
    return refuse(unknownChannel(userId));
  }
  const newestFirst = found.sort((a, b) => b.id - a.id);
  return ok(newestFirst.slice(0, limit).map(headerOf));
}

function headerOf(row: QueueRow | FinishedRow): CommandHeader {
  const finished = "finished_at" in row ? row : undefined;
  return {
    id: row.id,
    uuid: row.uuid,
    userId: row.user_id,
    requestType: row.request_type,
    state: row.state,
    high: "high" in row ? row.high === 1 : null,
    origin: row.origin,
    queuedAt: row.queued_at,
    sentAt: row.sent_at,
    finishedAt: finished?.finished_at ?? null,
    expiresAt: "expires_at" in row ? row.expires_at : null,
    error: finished?.error ?? null,
    resultSize: finished?.result_size ?? 0,
    truncated: finished?.result_form === "truncated",
  };
}

/** Everything about the enrollment but what is sealed. */
export type DeviceDescription = {
  state: "pending" | "enrolled" | "unenrolled";
  generation: number;
  pendingGeneration: number | null;
  ending: boolean;
  lastSeenAt: number | null;
  facts: ReturnType<typeof factsOf>;
  /** What the enrollment profile gave, as JSON text; null when that is not known. */
  terms: string | null;
  traits: KnownTraits;
  renewal: RenewalDescription;
  inventory: KnownInventory;
  channels: ChannelDescription[];
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
  undelivered: number;
  /** Since the object woke. */
  rowsWritten: number;
};

/** How the renewal of the identity stands. */
export type RenewalDescription = {
  /** `not_possible`: the profile that the device enrolled with is not known here. */
  state: "not_possible" | "not_due" | "under_way" | "failed";
  /** When the present identity ends. */
  expiresAt: number | null;
  dueAt: number | null;
  commandUuid: string | null;
  attempts: number;
  error: string | null;
  /** When the object looks next. */
  nextLookAt: number | null;
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

export function describe({ store }: Desk): DeviceDescription | undefined {
  if (!store.exists()) return undefined;
  const device = store.device();
  return {
    state: device.state,
    generation: device.generation,
    pendingGeneration: device.pending_generation,
    ending: device.ending === 1,
    lastSeenAt: device.last_seen_at,
    facts: factsOf(device),
    terms: device.terms,
    traits: traitsOf(device),
    renewal: describeRenewal(store),
    inventory: inventoryOf(device),
    channels: store.channels().map((row) => channelOf(store, row)),
    identities: store.identities(),
    escrow: store.escrow().map(({ id, name, user_id, generation, stored_at, confirmed }) => ({
      id,
      name,
      userId: user_id,
      generation,
      storedAt: stored_at,
      confirmed: confirmed === 1,
      current: generation === device.generation,
    })),
    undelivered: store.outboxCount(),
    rowsWritten: store.rowsWritten(),
  };
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

/** All the directory should know, told anew: for the repair pass. */
export function announce(desk: Desk): void {
  const { store } = desk;
  if (!store.exists()) return;
  const device = store.device();
  const channels = store.channels();
  store.untellInventory();
  store.untellStatus();
  desk.tell({
    name: "device.announced",
    detail: { generation: device.generation, state: device.state },
    change: {
      device: {
        state: device.state,
        generation: device.generation,
        facts: factsOf(device),
        ...(device.last_seen_at === null ? {} : { lastSeenAt: device.last_seen_at }),
        kind: kindOf(store, channels),
        inventory: inventoryOf(device),
      },
      allChannels: "forgotten",
    },
  });
  for (const row of channels) {
    desk.tell({
      name: "device.announced",
      ...(row.user_id ? { userId: row.user_id } : {}),
      detail: { enabled: row.enabled === 1 },
      change: {
        channel: {
          userId: row.user_id,
          kind: row.kind,
          enabled: row.enabled === 1,
          ...(row.topic === null ? {} : { topic: row.topic }),
          userShortName: row.user_short_name,
          userLongName: row.user_long_name,
        },
      },
    });
  }
  tellAllStates(desk);
}

const kindOf = (store: Store, channels: readonly ChannelRow[]): DeviceKind =>
  kindOfTerms(
    store.device().terms,
    channels.some(({ kind }) => kind === "user_enrollment"),
  );

const unknownDevice = ({ deviceId }: Desk): CommandRefusal => ({
  reason: "unknown-device",
  detail: `no device has the id ${deviceId}`,
});

const unknownChannel = (userId: string): CommandRefusal => ({
  reason: "unknown-channel",
  detail: `the device has no user channel ${JSON.stringify(userId)}`,
});

const uuidTaken = ({ uuid, requestType }: CommandHeader): CommandRefusal => ({
  reason: "uuid-taken",
  detail: `the command ${uuid} of this channel is a ${requestType}; choose another uuid`,
});

const noSuchCommand = (uuid: string): CommandRefusal => ({
  reason: "no-such-command",
  detail: `no command ${uuid} is known on this channel`,
});

const notCancellable = (state: CommandHeader["state"]): CommandRefusal => ({
  reason: "not-cancellable",
  state,
  detail: state === "sent" ? "the device has the command already" : `the command is ${state} already`,
});
