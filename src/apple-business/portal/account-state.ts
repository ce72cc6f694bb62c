import type { BusinessRefusal } from "../../business-api/refusals.ts";
import { openDb } from "../../db/open.ts";
import { type PortalAccountRow, setPortalAccount } from "../../db/portal-accounts.ts";
import { announceAll } from "../../events/announce.ts";
import { troubled, troubleOf, working, workingState } from "../trouble.ts";

// How it stands with an API account, as the last call to Apple showed. What changes is told once.

export async function noteTrouble(
  env: Env,
  row: PortalAccountRow,
  refusal: BusinessRefusal,
  now: number,
): Promise<void> {
  const trouble = troubleOf(refusal);
  const change = troubled(row, trouble, now);
  if (change === undefined) return;
  const detail = { account: row.name, ...trouble };
  await announceAll(env, change.isNews ? [{ name: "ade.api_trouble", detail }] : [], now, [
    setPortalAccount(openDb(env.DB), row.name, change.columns),
  ]);
}

export async function noteWorking(env: Env, row: PortalAccountRow, now: number): Promise<void> {
  if (row.state === workingState) return;
  const detail = { account: row.name, reason: row.state };
  await announceAll(env, [{ name: "ade.api_trouble_over", detail }], now, [
    setPortalAccount(openDb(env.DB), row.name, working(now)),
  ]);
}
