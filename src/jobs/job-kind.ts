import type { Json, Page } from "./run.ts";

/**
 * A kind of job: where it begins, and what one page does. A page may be interrupted at any moment and is then done again
 * from its cursor, so it must be harmless to repeat. It must be short enough for one alarm.
 */
export type JobKind = {
  begin: Json;
  page: (env: Env, cursor: Json, now: number) => Promise<Page<Json>>;
};

/** The object passes only cursors that this kind has made: so the cast is safe. */
export const jobKind = <Cursor extends Json>(
  begin: Cursor,
  page: (env: Env, cursor: Cursor, now: number) => Promise<Page<Cursor>>,
): JobKind => ({ begin, page: (env, cursor, now) => page(env, cursor as Cursor, now) });
