import type { AdeRefusal } from "../ade/refusals.ts";
import { type AdeAccountRow, setAccount } from "../db/ade-accounts.ts";
import { openDb } from "../db/open.ts";
import { announceAll } from "../events/announce.ts";
import { troubled, troubleOf, working, workingState } from "./trouble.ts";

// How it stands with an account, as the last call to Apple showed. What changes is told once.

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

export async function noteTrouble(
  env: Env,
  row: AdeAccountRow,
  refusal: AdeRefusal,
  now: number,
): Promise<void> {
  const trouble = troubleOf(refusal);
  const change = troubled(row, trouble, now);
  if (change === undefined) return;
  const detail = { account: row.name, organization: row.details?.org_name ?? null, ...trouble };
  await announceAll(env, change.isNews ? [{ name: "ade.trouble", detail }] : [], now, [
    setAccount(openDb(env.DB), row.name, change.columns),
  ]);
}

export async function noteWorking(env: Env, row: AdeAccountRow, now: number): Promise<void> {
  if (row.state === workingState) return;
  const detail = { account: row.name, reason: row.state };
  const isOver = row.state !== newState;
  await announceAll(env, isOver ? [{ name: "ade.trouble_over", detail }] : [], now, [
    setAccount(openDb(env.DB), row.name, working(now)),
  ]);
}
