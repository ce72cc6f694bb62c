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
import type {
  Enrollment,
  EnrollmentTerms,
  IdentityLookup,
  IdentityPolicy,
} from "./identity/enrollment-state.ts";
import type { Reply } from "./reply.ts";
import { type DeviceRow, toEnrollment } from "./store/rows.ts";
import type { Store } from "./store/store.ts";

/** The settings that some of a device's messages are answered by. */
export type DevicePolicy = IdentityPolicy & {
  /** What becomes of a second enrolled device with the same serial number. */
  serialConflict: "refuse" | "flag";
  /** How many users of one device are managed. */
  userChannels: number;
  unknownDevice: "refuse" | "unenroll";
  userAuthenticate: "decline" | "empty-challenge";
  /** How a device that returns to service joins again; null: it does not by itself. */
  returnToService: { wifiProfile: Uint8Array | undefined } | null;
};

/** What results told of the device in this generation, and what the server asked by itself. */
export type KnownTraits = DeviceTraits & { asked?: readonly string[] };

/** Whoever speaks has proven that it holds the key of this certificate; and when it says that it did. */
export type Proven = {
  fingerprint: string;
  lookup: IdentityLookup<DevicePolicy> | undefined;
  signedAt?: number | undefined;
  /** Hash of the token that it shows, and what that one is good for; `none`: for nothing. */
  token?: string | undefined;
  authorization?: Authorization | "none" | undefined;
};

/** What the door hands over with each message. */
export type SignedMessage = { channel: ChannelReference; proven: Proven; raw: Bytes };

/** What the directory said may have been read just before it forgot the device. */
export const unlisted = ({ lookup, ...proven }: Proven): Proven => ({
  ...proven,
  lookup: lookup && { ...lookup, listed: undefined },
});

/**
 * One turn with the store: what it writes is stored whole or not at all, with the events it tells. Nothing in a turn
 * waits, so nothing comes between its reading and its writing.
 */
export type Turn = {
  store: Store;
  deviceId: string;
  now: number;
  tell: (event: NewEvent) => void;
  /** Pushes to that channel once the turn is stored. */
  wake: (userId: string) => void;
  /** Something is due that no event tells of; answers when the next alarm comes, if that is soon. */
  plan: () => number;
};

/** The turn of a message: who sent it, and what was true of the device when it came. */
export type DeviceTurn = Turn & {
  channel: ChannelReference;
  proven: Proven;
  enrollment: Enrollment;
  /** Undefined while the object has stored nothing: the first accepted message makes it. */
  device: DeviceRow | undefined;
};

/** The channel's name in the store: the device channel has the empty one. */
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

/** As the profile promised; a user enrollment shows itself by its id. */
export function kindOfTerms(terms: string | null, byUser: boolean): DeviceKind {
  const { kind } = JSON.parse(terms ?? "{}") as Partial<EnrollmentTerms>;
  if (byUser) return "user";
  return kind === "ade" || kind === "account_device" ? kind : "device";
}

/** What the directory shows of the inventory. */
export type KnownInventory = InventoryFacts & { inventoryAt?: number };

export const inventoryOf = (device: DeviceRow): KnownInventory =>
  JSON.parse(device.inventory) as KnownInventory;

export const provenOf = (device: DeviceRow | undefined): ProvenIdentifiers =>
  device ? (JSON.parse(device.proven) as ProvenIdentifiers) : {};

/** The last attestation of it that held. */
export const attestationOf = (device: DeviceRow | undefined): DeviceAttestation | undefined =>
  device?.attestation ? (JSON.parse(device.attestation) as DeviceAttestation) : undefined;

export type AttestationFailure = { at: number; detail: string };

/** Why the last try to have it attested anew failed; undefined: it did not. */
export const attestationFailureOf = (device: DeviceRow): AttestationFailure | undefined =>
  device.attestation_failure ? (JSON.parse(device.attestation_failure) as AttestationFailure) : undefined;

export const traitsOf = (device: DeviceRow): KnownTraits => JSON.parse(device.traits) as KnownTraits;

/** The answer that ends an enrollment which an administrator chose to end. The only maker of a 401. */
export function unenrollReply(device: DeviceRow | undefined): Reply {
  const { ProductName, Model, ModelName, OSVersion } = factsOf(device);
  const platform = platformOf([ProductName, Model, ModelName]);
  return { kind: "unenroll", by: knowsErrorDocuments(platform, OSVersion) ? "document" : "401" };
}
