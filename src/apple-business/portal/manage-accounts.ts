import { ok, type Result, refuse } from "../../base/result.ts";
import { portalOf } from "../../business-api/assertion.ts";
import { businessClient } from "../../business-api/client.ts";
import type { BusinessRefusal } from "../../business-api/refusals.ts";
import { applyTogether } from "../../db/directory.ts";
import { openDb } from "../../db/open.ts";
import {
  changePortalAccount,
  deletePortalAccount,
  insertPortalAccount,
  type PortalAccountRow,
} from "../../db/portal-accounts.ts";
import { baseUrlFault } from "../base-url.ts";
import { workingState } from "../trouble.ts";
import { sealKey, tokenColumns } from "./account.ts";
import { openPortal } from "./object.ts";
import { type GivenKey, type KeyRefusal, readKey } from "./read-key.ts";

/** A key replaces the present one, and makes an account, only after Apple took it. */
export type PortalOptions = { baseUrl: string | null; readsCoverage: boolean };

export type PortalRefusal =
  | { reason: "exists" | "too-many"; detail: string }
  | { reason: "input"; pointer: KeyRefusal["pointer"] | "/base_url"; detail: string }
  | { reason: "other-portal"; detail: string }
  | { reason: "not-proven"; apple: BusinessRefusal };

/** Each has an object of its own. */
const mostAccounts = 20;

export async function createPortalAccount(
  env: Env,
  name: string,
  given: GivenKey,
  options: PortalOptions,
  by: string,
  now: number,
): Promise<Result<PortalAccountRow, PortalRefusal>> {
  const fault = options.baseUrl === null ? undefined : baseUrlFault(options.baseUrl);
  if (fault) return refuse({ reason: "input", pointer: "/base_url", detail: fault });
  const proven = await provenKey(env, { name, baseUrl: options.baseUrl }, given, now);
  if (!proven.ok) return proven;
  const row = { ...blank(now, by), ...options, name, ...proven.value };
  const outcome = await insertPortalAccount(openDb(env.DB), row, mostAccounts);
  if (outcome === "exists")
    return refuse({ reason: "exists", detail: `there is an API account ${name} already` });
  if (outcome === "too-many")
    return refuse({
      reason: "too-many",
      detail: `there are ${mostAccounts} API accounts, which are the most`,
    });
  await openPortal(env, name).begin();
  return ok(row);
}

const blank = (now: number, createdBy: string) => ({
  state: workingState,
  stateSince: now,
  trouble: null,
  nextPage: null,
  runStartedAt: null,
  syncedAt: null,
  createdAt: now,
  createdBy,
});

/** Of another organisation's key Apple's answers would be mixed up: an account stays with its client id's portal. */
export async function replaceKey(
  env: Env,
  row: PortalAccountRow,
  given: GivenKey,
  now: number,
): Promise<Result<PortalAccountRow | undefined, PortalRefusal>> {
  const portal = portalOf(given.clientId);
  if (portal !== undefined && portal !== row.portal)
    return refuse({ reason: "other-portal", detail: `${row.name} is an API account of Apple ${named(row)}` });
  const proven = await provenKey(env, row, given, now);
  if (!proven.ok) return proven;
  const state = { state: workingState, trouble: null, stateSince: row.trouble ? now : row.stateSince };
  const changed = await changePortalAccount(openDb(env.DB), row.name, { ...proven.value, ...state });
  if (changed) await openPortal(env, row.name).begin();
  return ok(changed);
}

const named = ({ portal }: PortalAccountRow): string => (portal === "school" ? "School Manager" : "Business");

/** Asks Apple with the key before anything is stored. */
async function provenKey(
  env: Env,
  { name, baseUrl }: Pick<PortalAccountRow, "name" | "baseUrl">,
  given: GivenKey,
  now: number,
) {
  const key = await readKey(given);
  if (!key.ok) return refuse<PortalRefusal>({ reason: "input", ...key.refusal });
  const { clientId, keyId } = key.value;
  const client = businessClient({
    key: key.value,
    baseUrl: baseUrl ?? undefined,
    token: undefined,
    keepToken: () => Promise.resolve(),
  });
  const token = await client.authenticate();
  if (!token.ok) return refuse<PortalRefusal>({ reason: "not-proven", apple: token.refusal });
  return ok({
    portal: portalOf(clientId) ?? "business",
    clientId,
    keyId,
    sealedKey: await sealKey(env, name, key.value),
    ...(await tokenColumns(env, name, token.value)),
    keyAt: now,
    updatedAt: now,
  });
}

/** The address stays: with another one, what is signed for Apple would go there. */
export async function updatePortalAccount(
  env: Env,
  name: string,
  columns: Pick<PortalOptions, "readsCoverage">,
  now: number,
): Promise<PortalAccountRow | undefined> {
  const row = await changePortalAccount(openDb(env.DB), name, { ...columns, updatedAt: now });
  if (row) await openPortal(env, name).begin();
  return row;
}

/** Its object lets go of what Apple said, page by page. Nothing changes at Apple: what it was told goes on. */
export async function removePortalAccount(env: Env, name: string): Promise<void> {
  await applyTogether(openDb(env.DB), deletePortalAccount(openDb(env.DB), name));
  await openPortal(env, name).wake(true);
}
