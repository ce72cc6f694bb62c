import { logFault } from "../base/log.ts";
import { findEnrollmentSettings, saveEnrollmentSettings } from "../db/enrollment-settings.ts";
import { openDb } from "../db/open.ts";
import { defaultEnrollmentSettings, type EnrollmentSettings } from "./enrollment-setting-values.ts";

const freshForMs = 60_000;

// One deployment, one set of settings: every isolate may be a minute behind.
let held: { settings: EnrollmentSettings; loadedAt: number } | undefined;

/** The last known ones, if the database fails. */
export async function loadEnrollmentSettings(env: Env, now: number): Promise<EnrollmentSettings> {
  if (held !== undefined && now - held.loadedAt < freshForMs) return held.settings;
  try {
    held = { settings: await readEnrollmentSettings(env), loadedAt: now };
  } catch (fault) {
    if (held === undefined) throw fault;
    logFault("enrollment-settings-stale", fault);
  }
  return held.settings;
}

/** The values in the database now. */
export async function readEnrollmentSettings(env: Env): Promise<EnrollmentSettings> {
  const stored = await findEnrollmentSettings(openDb(env.DB));
  return { ...defaultEnrollmentSettings, ...(stored && JSON.parse(stored)) };
}

export async function storeEnrollmentSettings(
  env: Env,
  settings: EnrollmentSettings,
  now: number,
): Promise<void> {
  await saveEnrollmentSettings(openDb(env.DB), JSON.stringify(settings), now);
  held = { settings, loadedAt: now };
}

/** @internal Lets tests start like a fresh isolate. */
export function forgetEnrollmentSettings(): void {
  held = undefined;
}
