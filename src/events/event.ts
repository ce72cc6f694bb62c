import type { DeviceAttestation } from "../acme/attested-facts.ts";
import type { Standing } from "../db/schema/certificates.ts";
import type { DeclarationState, Reason } from "../declarations/states.ts";
import type { DeviceFacts } from "../mdm/checkin.ts";
import type { FleetApp } from "../mdm/inventory/apps.ts";
import type { InventoryFacts } from "../mdm/inventory/inventory-facts.ts";
import type { ProvenIdentifiers } from "../mdm/proven.ts";

/**
 * What happened to a device, in order. An event is written in the same transaction as the change it tells of, and
 * carries all that the directory needs: applying it asks nobody anything.
 */
export type EventName =
  | "device.authenticated"
  | "device.enrolled"
  | "device.adopted"
  | "device.unenrolled"
  | "device.erased"
  | "device.seen"
  | "device.refused"
  | "device.unenroll_requested"
  | "device.signed_in"
  | "device.sign_in_requested"
  | "identity.renewed"
  | "identity.renewal_queued"
  | "identity.renewal_failed"
  | "identity.superseded"
  | "identity.revoked"
  | "identity.unbound"
  | "checkin.replayed"
  | "channel.enabled"
  | "channel.declined"
  | "channel.unreachable"
  | "command.queued"
  | "command.finished"
  | "command.not_now"
  | "command.unanswered"
  | "command.result_ignored"
  | "command.result_truncated"
  | "command.result_undecodable"
  | "command.partly_failed"
  | "attestation.verified"
  | "attestation.failed"
  | "serial_number.claimed"
  | "serial_number.disputed"
  | "escrow.stored"
  | "escrow.read"
  | "escrow.deleted"
  | "escrow.archived"
  | "inventory.updated"
  | "assignment.withheld"
  | "declarations.changed"
  | "declarations.unreadable"
  | "directory.refused"
  | "status.reported"
  | "status.undecodable"
  | "profiles.changed"
  | "profile.installed"
  | "profile.failed"
  | "profile.removed"
  | "profile.drifted"
  | "setup.began"
  | "setup.step_failed"
  | "setup.released"
  | "setup.stuck"
  | "device.announced";

export type CommandState =
  | "queued"
  | "sent"
  | "not_now"
  | "acknowledged"
  | "error"
  | "format_error"
  | "cancelled"
  | "expired";

export type DeviceState = "pending" | "enrolled" | "unenrolled" | "erased";

export type DeviceKind = "device" | "ade" | "account_device" | "user";

/** It is managed no more, and nothing that is queued would ever be fetched. */
export const hasLeft = (state: DeviceState): boolean => state === "unenrolled" || state === "erased";

/** The part of the directory that an event changes; absent keys stay as they are. */
export type DirectoryChange = {
  device?: {
    state?: DeviceState;
    kind?: DeviceKind;
    generation?: number;
    facts?: DeviceFacts;
    proven?: ProvenIdentifiers;
    attestation?: DeviceAttestation | null;
    /** A new enrollment by a new identity: whether somebody vouched that it is the device it says. */
    isVouchedFor?: boolean;
    enrolledAt?: number;
    unenrolledAt?: number | null;
    erasedAt?: number | null;
    lastSeenAt?: number;
    awaitingConfiguration?: boolean;
    hasBootstrapToken?: boolean;
    hasFilevaultKey?: boolean;
    inventory?: InventoryFacts & { inventoryAt?: number };
  };
  /** How a channel stands with those of its declarations that stand otherwise than before. */
  declarations?: {
    userId: string;
    states: readonly {
      identifier: string;
      state: DeclarationState;
      serverToken: string;
      reasons: readonly Reason[];
    }[];
    /** No longer declared for it. */
    gone: readonly string[];
  };
  /** Status items with one value, of a channel: as JSON. */
  statusValues?: {
    userId: string;
    values: readonly (readonly [path: string, json: string])[];
    gone: readonly string[];
  };
  /** How it stands to certificates that it goes by, or has gone by. */
  identities?: readonly ({ fingerprint: string } & Standing)[];
  /** All apps that this device counts for, in place of those before. */
  apps?: readonly FleetApp[];
  channel?: {
    userId: string;
    kind: string;
    enabled: boolean;
    topic?: string;
    userShortName?: string | null;
    userLongName?: string | null;
  };
  /** How the channel stands with each of these profiles. */
  profiles?: readonly ProfileChange[];
  /** The device's end is the end of all its channels. */
  allChannels?: "disabled" | "forgotten";
  command?: {
    uuid: string;
    userId: string;
    requestType: string;
    state: CommandState;
    queuedAt: number;
    finishedAt?: number;
    error?: string;
    origin: string;
  };
};

/** Of a profile that comes from a set; null: it is neither there nor should be. */
export type ProfileChange = { userId: string; identifier: string } & (
  | { state: null }
  | {
      state: "pending" | "installed" | "failed" | "not_applicable" | "removing";
      reason: string | null;
      version: number;
    }
);

export type DeviceEvent = {
  /** Rises with each event of a device, for ever. */
  seq: number;
  at: number;
  name: EventName;
  /** The user channel it concerns; absent for the device channel. */
  userId?: string;
  /** For people and webhooks; never a secret. */
  detail: { [key: string]: string | number | boolean | null };
  change?: DirectoryChange;
  /** It changes the directory and is no news: no line in the log of events. For what every device tells every day. */
  quiet?: true;
};

export type NewEvent = Omit<DeviceEvent, "seq" | "at">;
