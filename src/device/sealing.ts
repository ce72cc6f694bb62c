import { mustHoldMasterKeys, sealingKeys } from "../db/sealing-keys.ts";
import { masterKeys } from "../pki/master.ts";
import { type SealingKeys, type SealKeys, trusted } from "../pki/seal.ts";
import type { Store } from "./store/store.ts";

/**
 * The master keys, as an object may use them. It remembers under which key it was let seal; while that is the present
 * one, nobody is asked. Another one is asked about in D1, and while that says no, or is away, the object does nothing:
 * what it would seal might never be opened again.
 */
export type DeviceKeys = {
  /** To open with, whatever they are. */
  held: () => Promise<SealKeys>;
  /** Throws where they are not the right ones. */
  sealing: () => Promise<SealingKeys>;
  /** Something lies under a key that is not at hand: throws where that key is missing, and not given up. */
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
