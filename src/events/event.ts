import type { DeviceAttestation } from "../acme/attested-facts.ts";
import type { AppChannel } from "../apps/app.ts";
import type { AppState } from "../apps/states.ts";
import type { Standing } from "../db/schema/certificates.ts";
import type { DeclarationState, Reason } from "../declarations/states.ts";
import type { DeviceFacts } from "../mdm/checkin.ts";
import type { FleetApp } from "../mdm/inventory/apps.ts";
import type { InventoryFacts } from "../mdm/inventory/inventory-facts.ts";
import type { ProvenIdentifiers } from "../mdm/proven.ts";

/**
 * The events of a device, in order. An event is written in the same transaction as its change, and has everything that
 * the directory needs: nothing else is read to apply it.
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
  | "device.named"
  | "device.name_failed"
  | "device.name_drifted"
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
  | "escrow.rotated"
  | "escrow.rotation_failed"
  | "escrow.proven"
  | "escrow.unproven"
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
  | "apps.changed"
  | "app.installed"
  | "app.failed"
  | "app.removed"
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

/** It is no longer managed, and would never fetch a queued command. */
export const hasLeft = (state: DeviceState): boolean => state === "unenrolled" || state === "erased";

/** The part of the directory that an event changes; absent keys stay unchanged. */
export type DirectoryChange = {
  device?: {
    state?: DeviceState;
    kind?: DeviceKind;
    generation?: number;
    facts?: DeviceFacts;
    proven?: ProvenIdentifiers;
    attestation?: DeviceAttestation | null;
    /** A new enrollment with a new identity: whether it is proven to be the device that it claims. */
    isVouchedFor?: boolean;
    enrolledAt?: number;
    unenrolledAt?: number | null;
    erasedAt?: number | null;
    lastSeenAt?: number;
    awaitingConfiguration?: boolean;
    hasBootstrapToken?: boolean;
    hasFilevaultKey?: boolean;
    hasRecoveryLock?: boolean;
    attestationFailedAt?: number | null;
    inventory?: InventoryFacts & { inventoryAt?: number };
  };
  /** The declarations of a channel whose state has changed. */
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
  /** Status items of a channel with one value, as JSON. */
  statusValues?: {
    userId: string;
    values: readonly (readonly [path: string, json: string])[];
    gone: readonly string[];
  };
  /** The state of the device's present and earlier certificates. */
  identities?: readonly ({ fingerprint: string } & Standing)[];
  /** All counted apps of this device; they replace the earlier ones. */
  apps?: readonly FleetApp[];
  channel?: {
    userId: string;
    kind: string;
    enabled: boolean;
    topic?: string;
    userShortName?: string | null;
    userLongName?: string | null;
  };
  /** The state of each of these profiles on the channel. */
  profiles?: readonly ProfileChange[];
  /** The state of each of these apps of the library on the device. */
  managedApps?: readonly AppChange[];
  /** When a device ends its enrollment, all its channels end. */
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

/** The state of a profile from a set; null: it is not installed and should not be. */
export type ProfileChange = { userId: string; identifier: string } & (
  | { state: null }
  | {
      state: "pending" | "installed" | "failed" | "not_applicable" | "removing";
      reason: string | null;
      version: number;
    }
);

/** The state of an app from a set; null: it is not there and should not be. */
export type AppChange = { name: string } & (
  | { state: null }
  | {
      state: AppState;
      reason: string | null;
      since: number;
      version: number;
      managedBy: AppChannel | null;
      identifier: string | null;
      /** What the device says is installed. */
      installedVersion: string | null;
    }
);

export type DeviceEvent = {
  /** Rises with each event of a device. */
  seq: number;
  at: number;
  name: EventName;
  /** The user channel; absent for the device channel. */
  userId?: string;
  /** For people and webhooks; never a secret. */
  detail: { [key: string]: string | number | boolean | null };
  change?: DirectoryChange;
  /** It changes the directory but is not in the log of events: for facts that every device reports every day. */
  quiet?: true;
};

export type NewEvent = Omit<DeviceEvent, "seq" | "at">;
