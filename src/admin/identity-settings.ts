import { fromUtf8 } from "../base/bytes.ts";
import { logFault } from "../base/log.ts";
import { day, minute } from "../base/time.ts";
import { openDb } from "../db/open.ts";
import { findSettings } from "../db/settings.ts";
import { masterKeys } from "../pki/master.ts";
import { openText } from "../pki/seal.ts";
import { settingContext } from "../pki/seal-contexts.ts";
import { identityValidity, renewalsPerDay, staticChallengeLength } from "./identity-bounds.ts";

/**
 * The settings that a device's request for an identity waits for, read without the library that checks all settings: to
 * load that costs a fresh isolate as much as the certificate. What `setting-entries.ts` would not take is not
 * taken here.
 */
export type IdentitySettings = {
  identityLifetimeMs: number;
  renewalsPerDay: number;
  /** Null: only one-time challenges. */
  staticChallenge: string | null;
};

/** How long an isolate may use settings that it has read. */
export const settingsFreshMs = minute;

let held: { settings: IdentitySettings; loadedAt: number } | undefined;

/** An isolate asks the database once a minute, and uses the last ones if that fails. */
export async function loadIdentitySettings(env: Env, now: number): Promise<IdentitySettings> {
  if (held !== undefined && now - held.loadedAt < settingsFreshMs) return held.settings;
  try {
    held = { settings: await read(env), loadedAt: now };
    return held.settings;
  } catch (fault) {
    if (held === undefined) throw fault;
    logFault("settings-stale", fault, { age_ms: now - held.loadedAt });
    return held.settings;
  }
}

/** Makes the next reader ask the database. */
export function forgetIdentitySettings(): void {
  held = undefined;
}

async function read(env: Env): Promise<IdentitySettings> {
  const names = ["identity_validity_days", "renewal_requests_per_day", "static_challenge"];
  const rows = await findSettings(openDb(env.DB), names);
  const stored = (name: string) => rows.find((row) => row.name === name)?.value;
  const challenge = stored("static_challenge");
  return {
    identityLifetimeMs: numberIn(stored("identity_validity_days"), identityValidity) * day,
    renewalsPerDay: numberIn(stored("renewal_requests_per_day"), renewalsPerDay),
    staticChallenge: challenge === undefined ? null : challengeIn(await unseal(env, challenge)),
  };
}

type Bounds = { least: number; most: number };

function numberIn(stored: string | undefined, { least, most, otherwise }: Bounds & { otherwise: number }) {
  const value: unknown = stored === undefined ? undefined : JSON.parse(stored);
  const fits = typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
  return fits ? value : otherwise;
}

function challengeIn(json: string): string | null {
  const value: unknown = JSON.parse(json);
  const { least, most } = staticChallengeLength;
  return typeof value === "string" && value.length >= least && value.length <= most ? value : null;
}

async function unseal(env: Env, sealed: string): Promise<string> {
  const opened = await openText(await masterKeys(env), settingContext("static_challenge"), sealed);
  if (!opened.ok) throw new Error(`cannot open the setting static_challenge: ${opened.refusal.detail}`);
  return fromUtf8(opened.value);
}
