import type { Bytes } from "../../base/bytes.ts";
import type { CommandState } from "../../events/event.ts";
import type { ChannelKind } from "../../mdm/channel.ts";
import type { DeviceFacts } from "../../mdm/checkin.ts";
import type { AnsweredValues, ListName } from "../../mdm/inventory/inventory-facts.ts";
import type { Enrollment, Identity } from "../identity/enrollment.ts";
import type { WaitingCommand, WaitingState } from "../queue/next-command.ts";
import { isBackground } from "../queue/origins.ts";

/** The rows of the device's object, and how they become the values that decisions use. */
export type DeviceRow = {
  device_id: string;
  schema_version: number;
  master_key: string | null;
  state: Enrollment["state"];
  generation: number;
  pending_generation: number | null;
  pending_facts: string | null;
  terms: string | null;
  pending_terms: string | null;
  authorization: string | null;
  pending_authorization: string | null;
  reauthenticated: number;
  facts: string;
  proven: string;
  attestation: string | null;
  attestation_due_at: number | null;
  attestation_failure: string | null;
  traits: string;
  inventory: string;
  inventory_due_at: number | null;
  inventory_round_at: number | null;
  intent_due_at: number | null;
  intent_quiet: number;
  intent_failures: number;
  ending: number;
  last_seen_at: number | null;
  signed_at: number | null;
  pruned_at: number | null;
  outbox_failures: number;
  outbox_retry_at: number | null;
};

export type IdentityRow = {
  fingerprint: string;
  generation: number;
  not_after: number;
  pinned_at: number;
  retires_at: number | null;
  revoked_at: number | null;
  revoked_for: string | null;
  unbound_at: number | null;
  renewal_of: string | null;
};

export type ChannelRow = {
  user_id: string;
  kind: ChannelKind;
  enabled: number;
  topic: string | null;
  push_token: ArrayBuffer | null;
  push_magic: string | null;
  user_short_name: string | null;
  user_long_name: string | null;
  awaiting_configuration: number;
  not_on_console: number;
  token_update_at: number | null;
  last_seen_at: number | null;
  push_attempts: number;
  push_at: number | null;
  push_outcome: string | null;
  push_outcome_at: number | null;
  unreachable: number;
};

/** A command's header, the same in both tables. */
export type CommandRow = {
  id: number;
  user_id: string;
  uuid: string;
  request_type: string;
  queued_at: number;
  sent_at: number | null;
  origin: string;
};

export type QueueRow = CommandRow & {
  state: WaitingState;
  high: number;
  renewal: number;
  sends: number;
  unanswered: number;
  refusals: number;
  expires_at: number | null;
  push: number;
};

/** A channel that must be woken for its commands, with the time when the last of them was queued or fetched. */
export type WantedChannel = { user_id: string; moved_at: number; put_off: number };

export type NewCommand = Omit<QueueRow, "id" | "sent_at" | "sends" | "unanswered" | "refusals" | "state">;

export type FinishedState = Exclude<CommandState, WaitingState>;

export type ResultForm = "none" | "whole" | "parts" | "raw" | "truncated";

export type FinishedRow = CommandRow & {
  state: FinishedState;
  finished_at: number;
  error: string | null;
  result_form: ResultForm;
  result_size: number;
};

/** An answer that has not been read yet. */
export type UnreadResultRow = Pick<
  FinishedRow,
  "id" | "user_id" | "uuid" | "request_type" | "queued_at" | "sent_at" | "finished_at"
> & { generation: number; attempts: number };

export type StoredResult = { form: ResultForm; size: number; whole: Bytes | null; parts: readonly Bytes[] };

export type EscrowRow = {
  id: number;
  name: string;
  user_id: string;
  generation: number;
  stored_at: number;
  command_uuid: string | null;
  confirmed: number;
  value: ArrayBuffer;
};

export type InventoryHead = {
  user_id: string;
  name: ListName | AnsweredValues["name"];
  as_of: number;
  digest: string;
  total: number;
  told: string;
};

export const headerColumns = "id, user_id, uuid, request_type, queued_at, sent_at, origin";
export const queueColumns = `${headerColumns}, state, high, renewal, sends, unanswered, refusals, expires_at, push`;
export const inventoryColumns = "user_id, name, as_of, digest, total, told";
export const finishedColumns = `${headerColumns}, state, finished_at, error, result_form, result_size`;

export const toWaiting = (row: QueueRow): WaitingCommand => ({
  id: row.id,
  uuid: row.uuid,
  requestType: row.request_type,
  state: row.state,
  high: row.high === 1,
  sends: row.sends,
  unanswered: row.unanswered,
  refusals: row.refusals,
  expiresAt: row.expires_at,
  renewal: row.renewal === 1,
  routine: isBackground(row),
});

export const toEnrollment = (device: DeviceRow, identities: Identity[]): Enrollment => ({
  deviceId: device.device_id,
  serial: (JSON.parse(device.facts) as DeviceFacts).SerialNumber,
  generation: device.generation,
  state: device.state,
  pendingGeneration: device.pending_generation,
  pendingSerial: (JSON.parse(device.pending_facts ?? "{}") as DeviceFacts).SerialNumber,
  identities,
  ending: device.ending === 1,
  reauthenticated: device.reauthenticated === 1,
});

export const toIdentity = (row: IdentityRow): Identity => ({
  fingerprint: row.fingerprint,
  generation: row.generation,
  notAfter: row.not_after,
  pinnedAt: row.pinned_at,
  retiresAt: row.retires_at,
  revokedAt: row.revoked_at,
  revokedFor: row.revoked_for,
  unboundAt: row.unbound_at,
  renewalOf: row.renewal_of,
});
/** Stored digests of the check-ins that change something. */
export type ChangingType = "Authenticate" | "TokenUpdate" | "CheckOut" | "SetBootstrapToken";

export type Heard = {
  number: number;
  message_type: ChangingType;
  generation: number;
  digest: string;
  signed_at: number | null;
};
