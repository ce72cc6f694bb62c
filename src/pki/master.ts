import { fromBase64 } from "../base/bytes.ts";
import { type SealKeys, sealKeys } from "./seal.ts";

type MasterKeyBindings = { MASTER_KEY: string; MASTER_KEY_PREVIOUS?: string };

// Key material is the same for every request of an isolate; deriving it again would cost each of them. Finished keys
// only: a promise made by one request must not be awaited by another, which would never end if the first were cancelled.
let held: { spelled: string; keys: SealKeys } | undefined;

/** The sealing keys of this deployment. `env.ts` has checked their form; here a malformed one is a fault. */
export async function masterKeys(env: MasterKeyBindings): Promise<SealKeys> {
  const spelled = `${env.MASTER_KEY} ${env.MASTER_KEY_PREVIOUS ?? ""}`;
  if (held?.spelled !== spelled) {
    const previous = env.MASTER_KEY_PREVIOUS ? fromBase64(env.MASTER_KEY_PREVIOUS) : undefined;
    const keys = await sealKeys(fromBase64(env.MASTER_KEY) ?? new Uint8Array(), previous);
    held = { spelled, keys };
    return keys;
  }
  return held.keys;
}
