import type { DirectoryChange } from "../../events/event.ts";
import type { Store } from "../store/store.ts";

/**
 * How the object stands to some of its identities, for the directory: should the object be lost, its device is taken up
 * again with them, and with nothing that was over.
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
