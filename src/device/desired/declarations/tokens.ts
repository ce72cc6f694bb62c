import type { DeclarativeRow } from "../../store/declarations.ts";

/** Devices order tokens by their times, in whole seconds. */
export const timeOfToken = (row: Pick<DeclarativeRow, "token_at"> | undefined, now: number): number =>
  Math.max(now, (row?.token_at ?? 0) + 1000);

/** A token without the part that makes the device fetch the same set again. */
export const contentOf = (token: string): string => token.split(".")[0] ?? token;
