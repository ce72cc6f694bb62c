// Preferences of other domains: a rule names a domain and its keys, and a payload wraps them once for each domain.
import { isPlain } from "../merge.ts";
import type { PayloadPart } from "./rule.ts";

const type = "com.apple.ManagedClient.preferences";

/**
 * Of the screen saver, Apple's schema requires the module as well, which a rule has no opinion about. As preferences of
 * its domain, the keys stand alone.
 */
const domains = new Set(["com.apple.screensaver"]);

export const byDomain = (part: PayloadPart): PayloadPart =>
  domains.has(part.type) ? { type, keys: { [part.type]: part.keys } } : part;

/** The payload as devices take it. */
export function asSent(part: PayloadPart): PayloadPart {
  if (part.type !== type) return part;
  const forced = Object.entries(part.keys)
    .filter(([, settings]) => isPlain(settings))
    .map(([domain, settings]) => [domain, { Forced: [{ mcx_preference_settings: settings }] }]);
  return { type, keys: { PayloadContent: Object.fromEntries(forced) } };
}
