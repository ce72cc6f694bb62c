import type { Json, Page } from "./run.ts";

/**
 * A kind of job: where it begins, and what one page of it does. A page may be cut short at any moment and is then done
 * again from its cursor, so it must be harmless to repeat; and it is short enough for one turn of an alarm.
 */
export type JobKind = {
  begin: Json;
  page: (env: Env, cursor: Json, now: number) => Promise<Page<Json>>;
};

/** The object hands a kind only cursors that the kind itself made: that is what the cast rests on. */
export const jobKind = <Cursor extends Json>(
  begin: Cursor,
  page: (env: Env, cursor: Cursor, now: number) => Promise<Page<Cursor>>,
): JobKind => ({ begin, page: (env, cursor, now) => page(env, cursor as Cursor, now) });
