import type { Bytes } from "../../base/bytes.ts";
import type { PlistDict } from "../../plist/value.ts";
import type { DeviceFacts } from "../checkin.ts";
import type { InventoryAnswer } from "../inventory/inventory-facts.ts";
import type { DeviceTraits } from "../traits.ts";

/** A command that the device has acknowledged, with what it was sent and what it answered. */
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

/** What an answer teaches; the device's object keeps it. */
export type ResultFacts = {
  /** Kept in escrow, unless that value is there already. */
  secrets?: readonly { name: string; value: Bytes }[];
  /** The same, encrypted by the device to our escrow certificate. */
  envelopes?: readonly { name: string; cms: Bytes }[];
  traits?: DeviceTraits;
  /** Commands without keys to ask next; each once a generation, and not where the secret is in escrow already. */
  questions?: readonly { requestType: string; unlessEscrowed: string }[];
  /** Parts of the command that failed although the whole was acknowledged. */
  failures?: readonly { part: string; error: string }[];
  /** Certificates by Apple that attest what device this is, leaf first, and what the command had attested with it. */
  attestation?: { chain: readonly Bytes[]; nonce?: Bytes };
  /** The state of the device, as far as this answer shows it. */
  inventory?: InventoryAnswer;
};

/** Pure, though a digest may have to be waited for: the answer in, the facts out; undefined when it tells nothing. */
export type ResultReader = (
  answered: AnsweredCommand,
) => ResultFacts | undefined | Promise<ResultFacts | undefined>;
