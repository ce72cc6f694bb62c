import type { BusinessRefusal } from "../../business-api/refusals.ts";
import { openDb } from "../../db/open.ts";
import { type PortalAccountRow, setPortalAccount } from "../../db/portal-accounts.ts";
import type { AdeTrouble } from "../../db/schema/ade.ts";
import { announceAll } from "../../events/announce.ts";

// How it stands with an API account, as the last call to Apple showed. What changes is told once.

export const workingState = "ok";

export const troubleOf = ({ reason, code, detail, remedy }: BusinessRefusal): AdeTrouble => ({
  reason,
  code: code ?? null,
  detail,
  remedy,
});

export async function noteTrouble(
  env: Env,
  row: PortalAccountRow,
  refusal: BusinessRefusal,
  now: number,
): Promise<void> {
  const trouble = troubleOf(refusal);
  if (row.state === trouble.reason && row.trouble?.detail === trouble.detail) return;
  const isNews = row.state !== trouble.reason;
  const columns = { state: trouble.reason, trouble, ...(isNews && { stateSince: now }) };
  const events = isNews
    ? [{ name: "ade.api_trouble" as const, detail: { account: row.name, ...trouble } }]
    : [];
  await announceAll(env, events, now, [setPortalAccount(openDb(env.DB), row.name, columns)]);
}

export async function noteWorking(env: Env, row: PortalAccountRow, now: number): Promise<void> {
  if (row.state === workingState) return;
  const detail = { account: row.name, reason: row.state };
  const columns = { state: workingState, trouble: null, stateSince: now };
  await announceAll(env, [{ name: "ade.api_trouble_over", detail }], now, [
    setPortalAccount(openDb(env.DB), row.name, columns),
  ]);
}
