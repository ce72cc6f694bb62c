import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { forgetSettings } from "../../src/admin/settings.ts";
import { toBase64 } from "../../src/base/bytes.ts";
import { forgetAuthorities } from "../../src/enrollment/authority.ts";

type MasterKeyBindings = { MASTER_KEY: string; MASTER_KEY_PREVIOUS: string | undefined };
export const bindings = env as unknown as MasterKeyBindings;

export const newKey = (): string => toBase64(crypto.getRandomValues(new Uint8Array(32)));

/**
 * A deployment with these keys: objects wake with them, and nobody remembers what was opened before. It waits for nothing that
 * an object still had in hand.
 */
export async function deployWith(current: string, previous?: string): Promise<void> {
  bindings.MASTER_KEY = current;
  bindings.MASTER_KEY_PREVIOUS = previous;
  forgetSettings();
  forgetAuthorities();
  await abortAllDurableObjects();
}
