import type { Bytes } from "../../base/bytes.ts";
import type { PlistDict } from "../../plist/value.ts";
import type { DeviceFacts } from "../checkin.ts";
import type { InventoryAnswer } from "../inventory/inventory-facts.ts";
import type { DeviceTraits } from "../traits.ts";

/** An acknowledged command with its payload and its answer. */
export type AnsweredCommand = {
  requestType: string;
  /** Empty for the device channel. */
  userId: string;
  /** The Command dictionary. */
  command: PlistDict;
  result: PlistDict;
  facts: DeviceFacts;
  finishedAt: number;
};

/** The facts in an answer; the device's object stores them. */
export type ResultFacts = {
  /** For escrow, unless that value is already there. */
  secrets?: readonly { name: string; value: Bytes }[];
  /** The same, encrypted by the device to our escrow certificate. */
  envelopes?: readonly { name: string; cms: Bytes }[];
  traits?: DeviceTraits;
  /** What a Mac says of FileVault and of its personal recovery key. */
  fileVault?: { enabled: boolean; hasKey: boolean; sendsKey: boolean };
  /** Commands without keys to give next: each once in a generation, and not if its secret is already in escrow. */
  questions?: readonly { requestType: string; unlessEscrowed: string }[];
  /** Parts of the command that failed although the whole was acknowledged. */
  failures?: readonly { part: string; error: string }[];
  /** What a device answered to the command to install an app. */
  installation?: {
    identifier: string | undefined;
    /** Apple's word for why it will not. */
    rejection: string | undefined;
    isAcknowledged: boolean;
  };
  /** Apple's attestation of this device, leaf first, and the nonce of the command. */
  attestation?: { chain: readonly Bytes[]; nonce?: Bytes };
  /** The state of the device in this answer. */
  inventory?: InventoryAnswer;
};

/** Pure, although it may await a digest: from an answer to its facts; undefined if there are none. */
export type ResultReader = (
  answered: AnsweredCommand,
) => ResultFacts | undefined | Promise<ResultFacts | undefined>;
