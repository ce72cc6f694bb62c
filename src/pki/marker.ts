import { utf8 } from "../base/bytes.ts";
import { oneKey, openText, type SealKeys, sealText, trusted } from "./seal.ts";

/**
 * The marker of a master key: a known text sealed under it. A key that opens it is the key of the other values; a key that
 * only has the right form does not open it.
 */
const context = { what: "master-key-marker", whose: [] };
const text = utf8("edgemdm");

/** A marker for one of our keys. */
export const makeMarker = (keys: SealKeys, keyId: string): Promise<string> =>
  sealText(trusted(oneKey(keys, keyId)), context, text);

export const opensMarker = async (keys: SealKeys, marker: string): Promise<boolean> =>
  (await openText(keys, context, marker)).ok;
