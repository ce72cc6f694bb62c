import { mustHoldMasterKeys, sealingKeys } from "../db/sealing-keys.ts";
import { masterKeys } from "../pki/master.ts";
import { type SealingKeys, type SealKeys, trusted } from "../pki/seal.ts";
import type { Store } from "./store/store.ts";

/**
 * The master keys for a device's object. The object remembers the key that it was allowed to seal with; while that is the
 * present key, it asks nothing. It checks any other key in D1. While D1 refuses the key or is unavailable, the object does
 * nothing, because what it would seal might never be opened again.
 */
export type DeviceKeys = {
  /** The keys to open with, without a check. */
  held: () => Promise<SealKeys>;
  /** Throws if they are not the right keys. */
  sealing: () => Promise<SealingKeys>;
  /** A value is sealed under a key we do not have: throws, unless that key was given up. */
  mustHoldAll: () => Promise<void>;
};

export function deviceKeys(env: () => Env, store: Store): DeviceKeys {
  const held = masterKeys(env());
  return {
    held: () => held,
    async sealing() {
      const keys = await held;
      if (store.exists() && store.device().master_key === keys.current.id) return trusted(keys);
      const confirmed = await sealingKeys(env(), held);
      if (store.exists()) store.setDevice({ master_key: keys.current.id });
      return confirmed;
    },
    mustHoldAll: () => mustHoldMasterKeys(env(), held),
  };
}
