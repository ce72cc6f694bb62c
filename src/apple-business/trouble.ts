import type { AdeTrouble } from "../db/schema/ade.ts";

// How an account at Apple stands, whichever of Apple's services was asked with it.

export const workingState = "ok";

type Refusal = { reason: string; code?: string | undefined; detail: string; remedy: string };

export const troubleOf = ({ reason, code, detail, remedy }: Refusal): AdeTrouble => ({
  reason,
  code: code ?? null,
  detail,
  remedy,
});

type Standing = { state: string; trouble: AdeTrouble | null };

/** What changes in an account that has met this. undefined: it is known. `isNews`: before it was another, or none. */
export function troubled(
  { state, trouble: before }: Standing,
  trouble: AdeTrouble,
  now: number,
): { isNews: boolean; columns: Standing & { stateSince?: number } } | undefined {
  if (state === trouble.reason && before?.detail === trouble.detail) return undefined;
  const isNews = state !== trouble.reason;
  return { isNews, columns: { state: trouble.reason, trouble, ...(isNews && { stateSince: now }) } };
}

export const working = (now: number) => ({ state: workingState, trouble: null, stateSince: now });
