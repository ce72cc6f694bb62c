import { ok, type Result, refuse } from "../base/result.ts";
import { type AdeAccountRow, changeAccount, deleteAccount, insertAccount } from "../db/ade-accounts.ts";
import { openDb } from "../db/open.ts";
import { newState } from "./account-state.ts";
import { baseUrlFault } from "./base-url.ts";
import { openServer } from "./object.ts";

export type AccountOptions = {
  baseUrl?: string | null | undefined;
  userAgent?: string | null | undefined;
  protocolVersion?: number | null | undefined;
};

export type AccountRefusal =
  | { reason: "exists" | "too-many"; detail: string }
  | { reason: "base-url"; detail: string };

/** It stands in addresses, and other tools call it a DEP name. */
export const isAccountName = (name: string): boolean => accountNameForm.test(name);
export const accountNameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Each is followed by an object of its own, and asked for devices that nobody knows. */
const mostAccounts = 50;

/** With the certificate to upload at Apple, as PEM. */
export async function createAccount(
  env: Env,
  name: string,
  { baseUrl = null, userAgent = null, protocolVersion = null }: AccountOptions,
  by: string,
  now: number,
): Promise<Result<{ row: AdeAccountRow; certificate: string }, AccountRefusal>> {
  const fault = baseUrl === null ? undefined : baseUrlFault(baseUrl);
  if (fault) return refuse({ reason: "base-url", detail: fault });
  const row = { ...blank, name, baseUrl, userAgent, protocolVersion, createdBy: by, ...times(now) };
  const outcome = await insertAccount(openDb(env.DB), row, mostAccounts);
  if (outcome === "exists")
    return refuse({ reason: "exists", detail: `there is an account ${name} already` });
  if (outcome === "too-many")
    return refuse({ reason: "too-many", detail: `there are ${mostAccounts} accounts, which are the most` });
  const certificate = await openServer(env, name).makeKeyPair();
  if (certificate === undefined) throw new Error(`the ADE account ${name} was deleted while it was made`);
  return ok({ row, certificate });
}

const times = (now: number) => ({ createdAt: now, updatedAt: now, stateSince: now });

const blank = {
  serverUuid: null,
  details: null,
  sealedToken: null,
  certificate: null,
  sealedKey: null,
  nextCertificate: null,
  sealedNextKey: null,
  tokenExpiresAt: null,
  tokenAt: null,
  state: newState,
  trouble: null,
  defaultProfile: null,
  rules: [],
  rulesVersion: 0,
  syncMode: null,
  cursor: null,
  fetchStartedAt: null,
  syncedAt: null,
  fetchedAt: null,
};

export async function updateAccount(
  env: Env,
  name: string,
  options: AccountOptions,
  now: number,
): Promise<Result<AdeAccountRow | undefined, AccountRefusal>> {
  const { baseUrl, userAgent, protocolVersion } = options;
  const fault = typeof baseUrl === "string" ? baseUrlFault(baseUrl) : undefined;
  if (fault) return refuse({ reason: "base-url", detail: fault });
  const columns = {
    ...(baseUrl !== undefined && { baseUrl }),
    ...(userAgent !== undefined && { userAgent }),
    ...(protocolVersion !== undefined && { protocolVersion }),
  };
  const row = await changeAccount(openDb(env.DB), name, { ...columns, updatedAt: now });
  if (row) await openServer(env, name).wake(true);
  return ok(row);
}

/** Its object lets its devices go, page by page. What was escrowed for them stays. */
export async function removeAccount(env: Env, name: string): Promise<void> {
  await deleteAccount(openDb(env.DB), name);
  await openServer(env, name).wake(true);
}
