import * as v from "valibot";
import { fromUtf8, utf8 } from "../base/bytes.ts";
import { logFault } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Statement } from "../db/directory.ts";
import { openDb } from "../db/open.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { listSettings, type SettingRow, saveSettings } from "../db/settings.ts";
import { masterKeys } from "../pki/master.ts";
import { openText, sealText } from "../pki/seal.ts";
import { settingContext } from "../pki/seal-contexts.ts";
import { forgetIdentitySettings, settingsFreshMs } from "./identity-settings.ts";
import {
  type SettingName,
  type Settings,
  type SettingsPatch,
  secretSettings,
  settingEntries,
  settingsConflict,
  settingsSchema,
} from "./setting-entries.ts";

export type SettingsRefusal = { reason: "conflicting-settings"; name: SettingName; detail: string };

// One deployment, one set of settings: every isolate may be a minute behind.
let held: { settings: Settings; loadedAt: number } | undefined;

/** The present settings. An isolate asks the database once a minute, and uses the last ones if that fails. */
export async function loadSettings(env: Env, now: number): Promise<Settings> {
  if (held !== undefined && now - held.loadedAt < settingsFreshMs) return held.settings;
  try {
    held = { settings: await readSettings(env), loadedAt: now };
    return held.settings;
  } catch (fault) {
    if (held === undefined) throw fault;
    logFault("settings-stale", fault, { age_ms: now - held.loadedAt });
    return held.settings;
  }
}

/** Changes the named settings, with `also` in the same step; refuses contradictory values. */
export async function patchSettings(
  env: Env,
  patch: SettingsPatch,
  now: number,
  also: readonly Statement[] = [],
): Promise<Result<Settings, SettingsRefusal>> {
  const settings = { ...(await readSettings(env)), ...patch };
  const conflict = settingsConflict(settings);
  if (conflict !== undefined) return refuse({ reason: "conflicting-settings", ...conflict });
  const rows = Object.entries(patch).map(async ([name, value]) => ({
    name,
    value: await spell(env, name as SettingName, value),
    updatedAt: now,
  }));
  await saveSettings(openDb(env.DB), await Promise.all(rows), also);
  forgetIdentitySettings();
  held = { settings, loadedAt: now };
  return ok(settings);
}

/** Makes the next reader ask the database. */
export function forgetSettings(): void {
  held = undefined;
  forgetIdentitySettings();
}

/** The values in the database now, for the settings API. */
export async function readSettings(env: Env): Promise<Settings> {
  const rows = await listSettings(openDb(env.DB));
  const stored = await Promise.all(rows.map((row) => parse(env, row)));
  return v.parse(settingsSchema, Object.fromEntries(stored.flat()));
}

// If a row comes from another version of this code and is not valid here, the default is used.
async function parse(env: Env, { name, value }: SettingRow): Promise<[string, unknown][]> {
  if (!isSettingName(name)) return [];
  const parsed = v.safeParse(settingEntries[name], JSON.parse(await unseal(env, name, value)));
  if (parsed.success) return [[name, parsed.output]];
  logFault("setting-not-understood", new Error(parsed.issues[0].type), { setting: name });
  return [];
}

const isSettingName = (name: string): name is SettingName => Object.hasOwn(settingEntries, name);

async function spell(env: Env, name: SettingName, value: unknown): Promise<string> {
  const json = JSON.stringify(value);
  return secretSettings.includes(name)
    ? sealText(await sealingKeys(env), settingContext(name), utf8(json))
    : json;
}

async function unseal(env: Env, name: SettingName, value: string): Promise<string> {
  if (!secretSettings.includes(name)) return value;
  const opened = await openText(await masterKeys(env), settingContext(name), value);
  if (!opened.ok) throw new Error(`cannot open the setting ${name}: ${opened.refusal.detail}`);
  return fromUtf8(opened.value);
}
