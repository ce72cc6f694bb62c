import type { AdeRefusal } from "../ade/refusals.ts";
import { type AdeAccountRow, setAccount } from "../db/ade-accounts.ts";
import { openDb } from "../db/open.ts";
import type { AdeTrouble } from "../db/schema/ade.ts";
import { announceAll } from "../events/announce.ts";

// How it stands with an account, as the last call to Apple showed. What changes is told once.

export const workingState = "ok";
export const newState = "awaits-token";

const accountReasons: readonly string[] = [
  "terms-not-accepted",
  "token-dead",
  "token-expired",
  "token-rejected",
  "user-agent-refused",
];

/** It is about the whole account, whichever call met it. */
export const concernsAccount = ({ reason }: AdeRefusal): boolean => accountReasons.includes(reason);

export const troubleOf = ({ reason, code, detail, remedy }: AdeRefusal): AdeTrouble => ({
  reason,
  code: code ?? null,
  detail,
  remedy,
});

export async function noteTrouble(
  env: Env,
  row: AdeAccountRow,
  refusal: AdeRefusal,
  now: number,
): Promise<void> {
  const trouble = troubleOf(refusal);
  if (row.state === trouble.reason && row.trouble?.detail === trouble.detail) return;
  const isNews = row.state !== trouble.reason;
  const columns = { state: trouble.reason, trouble, ...(isNews && { stateSince: now }) };
  const detail = { account: row.name, organization: row.details?.org_name ?? null, ...trouble };
  await announceAll(env, isNews ? [{ name: "ade.trouble", detail }] : [], now, [
    setAccount(openDb(env.DB), row.name, columns),
  ]);
}

export async function noteWorking(env: Env, row: AdeAccountRow, now: number): Promise<void> {
  if (row.state === workingState) return;
  const detail = { account: row.name, reason: row.state };
  const columns = { state: workingState, trouble: null, stateSince: now };
  const isOver = row.state !== newState;
  await announceAll(env, isOver ? [{ name: "ade.trouble_over", detail }] : [], now, [
    setAccount(openDb(env.DB), row.name, columns),
  ]);
}
