import { checkAdeProfile } from "../ade/check-profile.ts";
import { usualUserAgent } from "../ade/client.ts";
import { type AdeProfile, type ProfileKey, profileBody, profileKeys } from "../ade/profile.ts";
import { findingOf, type ProfileFinding } from "../ade/profile-findings.ts";
import { loadSkipItems, type SkipTarget } from "../ade/skip-items.ts";
import { mapInFlight } from "../base/in-flight.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type AdeAccountRow, listAccounts, listAccountsWithToken } from "../db/ade-accounts.ts";
import { hasDeviceWithProfile } from "../db/ade-devices.ts";
import {
  type AdeProfileVersionRow,
  type DefinitionRow,
  definitionsOf,
  deleteProfile,
  findProfile,
  lastVersion,
  putProfile,
} from "../db/ade-profiles.ts";
import { openDb } from "../db/open.ts";
import type { AdeTrouble } from "../db/schema/ade.ts";
import { openServer } from "./object.ts";

/**
 * An enrollment profile is kept: checked here, then defined at Apple in every account, then stored with what Apple calls
 * it. What Apple refuses is stored nowhere. An account that cannot be asked now defines it later by itself.
 */
export type ProfileOrder = {
  name: string;
  input: Record<string, unknown>;
  targets: readonly SkipTarget[];
  /** Where devices enroll here. */
  enrollUrl: string;
  by: string;
};

export type AccountOutcome = { account: string; profileUuid: string | null; trouble: AdeTrouble | null };

export type SavedProfile = {
  row: AdeProfileVersionRow;
  outcome: "created" | "changed" | "unchanged";
  accounts: AccountOutcome[];
  warnings: ProfileFinding[];
};

export type ProfileRefusal =
  | { reason: "unfit"; errors: ProfileFinding[]; warnings: ProfileFinding[] }
  | { reason: "busy"; detail: string };

const mostInFlight = 4;

export async function saveProfile(
  env: Env,
  order: ProfileOrder,
  now: number,
): Promise<Result<SavedProfile, ProfileRefusal>> {
  const db = openDb(env.DB);
  const input = { url: order.enrollUrl, ...order.input };
  const accounts = await listAccountsWithToken(db);
  const skipItems = await loadSkipItems();
  const { hostname } = new URL(order.enrollUrl);
  const checks = agentsOf(accounts).map((userAgent) =>
    checkAdeProfile(input, { now, userAgent, skipItems, targets: order.targets, serverHost: hostname }),
  );
  const errors = distinct(checks.flatMap((check) => check.errors));
  const warnings = distinct(checks.flatMap((check) => check.warnings));
  if (errors.length > 0) return refuse({ reason: "unfit", errors, warnings });

  const value = keptOf(input);
  const present = await findProfile(db, order.name);
  if (present && sameProfile(present.value, value)) {
    const known = await definitionsOf(db, order.name, present.version);
    const uuids = new Map(known.map((one) => [one.account, one.profileUuid]));
    const outcomes = accounts.map(({ name, trouble }) => ({
      account: name,
      profileUuid: uuids.get(name) ?? null,
      trouble,
    }));
    return ok({ row: present, outcome: "unchanged", accounts: outcomes, warnings });
  }

  const defined = await mapInFlight(accounts, mostInFlight, ({ name }) => defineAt(env, name, value));
  const refused = defined.flatMap(({ finding }) => (finding ? [finding] : []));
  if (refused.length > 0) return refuse({ reason: "unfit", errors: distinct(refused), warnings });
  const version = (await lastVersion(db, order.name)) + 1;
  const row = { name: order.name, version, value, createdAt: now, createdBy: order.by };
  const definitions = defined.flatMap(({ outcome: { account, profileUuid } }): DefinitionRow[] =>
    profileUuid === null ? [] : [{ account, profileUuid, name: order.name, version, definedAt: now }],
  );
  if (!(await putProfile(db, row, definitions)))
    return refuse({ reason: "busy", detail: "it was changed at the same time: look at it, and try again" });
  await Promise.all(accounts.map(({ name }) => openServer(env, name).wake(true)));
  const outcome = present ? "changed" : "created";
  return ok({ row, outcome, accounts: defined.map((one) => one.outcome), warnings });
}

/** Accounts may have a User-Agent each, and Apple looks at it first. */
const agentsOf = (accounts: readonly AdeAccountRow[]): string[] => [
  ...new Set([usualUserAgent, ...accounts.map(({ userAgent }) => userAgent ?? usualUserAgent)]),
];

const distinct = (findings: readonly ProfileFinding[]): ProfileFinding[] => [
  ...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values(),
];

/** Without what has no value: Apple refuses an optional text that is empty. */
const keptOf = (input: Record<string, unknown>): AdeProfile =>
  Object.fromEntries(
    Object.keys(profileKeys).flatMap((key) => {
      const given = input[key];
      return given === undefined || given === null ? [] : [[key, given]];
    }),
  ) as unknown as AdeProfile;

const sameProfile = (one: AdeProfile, other: AdeProfile): boolean =>
  (Object.keys(profileKeys) as ProfileKey[]).every(
    (key) => JSON.stringify(profileBody(one)[key]) === JSON.stringify(profileBody(other)[key]),
  );

async function defineAt(
  env: Env,
  account: string,
  value: AdeProfile,
): Promise<{ outcome: AccountOutcome; finding?: ProfileFinding }> {
  const defined = await openServer(env, account).define(value);
  if (defined.ok) return { outcome: { account, profileUuid: defined.value, trouble: null } };
  const { refusal } = defined;
  if (refusal.reason === "no-token") return { outcome: { account, profileUuid: null, trouble: null } };
  const { reason, code, detail, remedy } = refusal;
  const outcome = { account, profileUuid: null, trouble: { reason, code: code ?? null, detail, remedy } };
  const finding = findingOf(refusal);
  return finding ? { outcome, finding: { ...finding, detail: `${account}: ${detail}` } } : { outcome };
}

export type RemovalRefusal = { detail: string };

/** Not while a device should have it: Apple would go on giving it. */
export async function removeProfile(env: Env, name: string): Promise<Result<boolean, RemovalRefusal>> {
  const db = openDb(env.DB);
  const users = (await listAccounts(db)).filter(
    ({ defaultProfile, rules }) => defaultProfile === name || rules.some(({ profile }) => profile === name),
  );
  const [first] = users;
  if (first) return refuse({ detail: `the rules of the account ${first.name} give it to devices` });
  const serial = await hasDeviceWithProfile(db, name);
  if (serial !== undefined) return refuse({ detail: `the device ${serial} should have it: give it another` });
  return ok(await deleteProfile(db, name));
}
