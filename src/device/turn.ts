import type { DeviceAttestation } from "../acme/attested-facts.ts";
import type { Bytes } from "../base/bytes.ts";
import type { Authorization } from "../enrollment/account/grants.ts";
import type { DeviceKind, NewEvent } from "../events/event.ts";
import type { ChannelReference } from "../mdm/channel.ts";
import type { DeviceFacts } from "../mdm/checkin.ts";
import type { InventoryFacts } from "../mdm/inventory/inventory-facts.ts";
import { knowsErrorDocuments, platformOf } from "../mdm/platform.ts";
import type { ProvenIdentifiers } from "../mdm/proven.ts";
import type { DeviceTraits } from "../mdm/traits.ts";
import type { Enrollment, EnrollmentTerms, IdentityPolicy } from "./identity/enrollment.ts";
import type { IdentityLookup } from "./identity/enrollment-state.ts";
import type { Reply } from "./reply.ts";
import { type DeviceRow, toEnrollment } from "./store/rows.ts";
import type { Store } from "./store/store.ts";

/** The settings that some answers to a device depend on. */
export type DevicePolicy = IdentityPolicy & {
  /** What happens to a second enrolled device with the same serial number. */
  serialConflict: "refuse" | "flag";
  /** How many users of one device are managed. */
  userChannels: number;
  unknownDevice: "refuse" | "unenroll";
  userAuthenticate: "decline" | "empty-challenge";
  /** How a device with Return to Service enrolls again; null: not automatically. */
  returnToService: { wifiProfile: Uint8Array | undefined } | null;
};

/** The facts from results in this generation, and the server's own questions. */
export type KnownTraits = DeviceTraits & { asked?: readonly string[] };

/** The sender has proven that it has the key of this certificate; and the signing time that it claims. */
export type Proven = {
  fingerprint: string;
  lookup: IdentityLookup<DevicePolicy> | undefined;
  signedAt?: number | undefined;
  /** Hash of the token that it shows, and what that one is good for; `none`: for nothing. */
  token?: string | undefined;
  authorization?: Authorization | "none" | undefined;
};

/** What the handler passes with each message. */
export type SignedMessage = { channel: ChannelReference; proven: Proven; raw: Bytes };

/** The directory may have been read just before it deleted the device. */
export const unlisted = ({ lookup, ...proven }: Proven): Proven => ({
  ...proven,
  lookup: lookup && { ...lookup, listed: undefined },
});

/**
 * One turn with the store: all its writes and events are stored together or not at all. Nothing in a turn awaits, so
 * nothing comes between its reads and its writes.
 */
export type Turn = {
  store: Store;
  deviceId: string;
  now: number;
  /** How much later than usual a device that took an app's command is asked what became of it. */
  lookPace: number;
  tell: (event: NewEvent) => void;
  /** Pushes to that channel once the turn is stored. */
  wake: (userId: string) => void;
  /** Something is due that has no event; returns the time of the next alarm if that is soon. */
  plan: () => number;
  /** Something is due then that has no event: the alarm comes no later. */
  planAt: (at: number) => void;
  /** A result is to be read; returns when. */
  readSoon: () => number;
};

/** The turn of a message: its sender, and the state of the device at its arrival. */
export type DeviceTurn = Turn & {
  channel: ChannelReference;
  proven: Proven;
  enrollment: Enrollment;
  /** Undefined while the object is empty: the first accepted message creates it. */
  device: DeviceRow | undefined;
};

/** The channel's name in the store; empty for the device channel. */
export const channelKey = (channel: { userId: string | undefined }): string => channel.userId ?? "";

export const aboutUser = ({ userId }: ChannelReference): { userId?: string } =>
  userId === undefined ? {} : { userId };

export function enrollmentOf(store: Store, deviceId: string, device: DeviceRow | undefined): Enrollment {
  if (device !== undefined) {
    return toEnrollment(device, store.identities());
  }
  return {
    deviceId,
    serial: undefined,
    generation: 0,
    state: "pending",
    pendingGeneration: null,
    identities: [],
    ending: false,
    reauthenticated: false,
  };
}

export const factsOf = (device: DeviceRow | undefined): DeviceFacts =>
  device ? (JSON.parse(device.facts) as DeviceFacts) : {};

/** According to the profile; a user enrollment is recognised by its id. */
export function kindOfTerms(terms: string | null, byUser: boolean): DeviceKind {
  const { kind } = JSON.parse(terms ?? "{}") as Partial<EnrollmentTerms>;
  if (byUser) return "user";
  return kind === "ade" || kind === "account_device" ? kind : "device";
}

/** The part of the inventory that the directory shows. */
export type KnownInventory = InventoryFacts & { inventoryAt?: number };

export const inventoryOf = (device: DeviceRow): KnownInventory =>
  JSON.parse(device.inventory) as KnownInventory;

export const provenOf = (device: DeviceRow | undefined): ProvenIdentifiers =>
  device ? (JSON.parse(device.proven) as ProvenIdentifiers) : {};

/** Its last valid attestation. */
export const attestationOf = (device: DeviceRow | undefined): DeviceAttestation | undefined =>
  device?.attestation ? (JSON.parse(device.attestation) as DeviceAttestation) : undefined;

export type AttestationFailure = { at: number; detail: string };

/** Why the last try to attest it again failed; undefined: it did not fail. */
export const attestationFailureOf = (device: DeviceRow): AttestationFailure | undefined =>
  device.attestation_failure ? (JSON.parse(device.attestation_failure) as AttestationFailure) : undefined;

export const traitsOf = (device: DeviceRow): KnownTraits => JSON.parse(device.traits) as KnownTraits;

/** The answer that ends an enrollment as an administrator asked. Only this produces a 401. */
export function unenrollReply(device: DeviceRow | undefined): Reply {
  const { ProductName, Model, ModelName, OSVersion } = factsOf(device);
  const platform = platformOf([ProductName, Model, ModelName]);
  return { kind: "unenroll", by: knowsErrorDocuments(platform, OSVersion) ? "document" : "401" };
}
