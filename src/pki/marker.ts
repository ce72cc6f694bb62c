import { utf8 } from "../base/bytes.ts";
import { oneKey, openText, type SealKeys, sealText, trusted } from "./seal.ts";

/**
 * The marker of a master key: a known text sealed under it. Whoever opens it holds the key that other values were sealed
 * under; a key that is only well-formed does not.
 */
const context = { what: "master-key-marker", whose: [] };
const text = utf8("edgemdm");

/** A marker of one of the keys at hand. */
export const makeMarker = (keys: SealKeys, keyId: string): Promise<string> =>
  sealText(trusted(oneKey(keys, keyId)), context, text);

export const opensMarker = async (keys: SealKeys, marker: string): Promise<boolean> =>
  (await openText(keys, context, marker)).ok;
