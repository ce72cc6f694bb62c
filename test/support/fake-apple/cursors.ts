import { badRequest } from "./refusal.ts";

/** Where a caller stands: in the midst of all devices, or at a place in the log of what happened. */
export type Place =
  | { kind: "fetch"; serials: readonly string[]; offset: number; seq: number }
  | { kind: "sync"; seq: number };

const lifetimeMs = 7 * 24 * 60 * 60 * 1000;

/** Cursors are names of places, and tell nothing. */
export class Cursors {
  readonly #places = new Map<string, { place: Place; createdAt: number }>();

  keep(place: Place, now: number): string {
    const random = crypto.getRandomValues(new Uint8Array(12));
    const cursor = btoa(`1000:0:${now}:${String.fromCharCode(...random)}`);
    this.#places.set(cursor, { place, createdAt: now });
    return cursor;
  }

  forFetch(cursor: unknown, now: number): Place & { kind: "fetch" } {
    const kept = this.#find(cursor);
    if (kept.place.kind === "sync") throw badRequest("EXHAUSTED_CURSOR");
    if (now - kept.createdAt > lifetimeMs) throw badRequest("INVALID_CURSOR");
    return kept.place;
  }

  forSync(cursor: unknown, now: number): Place & { kind: "sync" } {
    if (cursor === undefined || cursor === null || cursor === "") throw badRequest("CURSOR_REQUIRED");
    const kept = this.#find(cursor);
    if (kept.place.kind === "fetch") throw badRequest("INVALID_CURSOR");
    if (now - kept.createdAt > lifetimeMs) throw badRequest("EXPIRED_CURSOR");
    return kept.place;
  }

  #find(cursor: unknown): { place: Place; createdAt: number } {
    const kept = typeof cursor === "string" ? this.#places.get(cursor) : undefined;
    if (!kept) throw badRequest("INVALID_CURSOR");
    return kept;
  }
}
