import type { DeclarativeRow } from "../../store/declarations.ts";

/** Devices order tokens by their times, which have whole seconds. */
export const timeOfToken = (row: Pick<DeclarativeRow, "token_at"> | undefined, now: number): number =>
  Math.max(now, (row?.token_at ?? 0) + 1000);

/** A token without what makes the device fetch the same set once more. */
export const contentOf = (token: string): string => token.split(".")[0] ?? token;
