import type { DirectoryChange } from "../../events/event.ts";
import type { Store } from "../store/store.ts";

/**
 * The state of some identities, for the directory. If the object is lost, its device is adopted with them, and none that
 * had ended is accepted again.
 */
export function standingOf(store: Store, fingerprints: readonly string[]): DirectoryChange {
  const told = store.identities().filter(({ fingerprint }) => fingerprints.includes(fingerprint));
  return {
    identities: told.map(({ fingerprint, generation, pinnedAt, retiresAt, unboundAt }) => ({
      fingerprint,
      generation,
      pinnedAt,
      retiresAt,
      unboundAt,
    })),
  };
}
