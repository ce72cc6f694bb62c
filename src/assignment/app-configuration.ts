import { type App, appOfConfiguration } from "../apps/app.ts";
import type { Bytes } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { findApp } from "../db/library-apps.ts";
import { openDb } from "../db/open.ts";
import { fillConfiguration } from "../library/app-configuration.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import type { PlistDict } from "../plist/value.ts";
import { findChannelFacts } from "./channel-facts.ts";
import type { DeclaredFor } from "./deliver-profile.ts";

/** The configuration of an app as one device gets it: with a command, or as the file of a declaration. */
export async function configurationFor(
  env: Env,
  { name, configuration }: App,
  facts: VariableFacts,
): Promise<Result<PlistDict | undefined, { missing: string[] }>> {
  const row = configuration === null ? undefined : await findApp(openDb(env.DB), name);
  const filled = row ? await fillConfiguration(env, row, facts) : ok(undefined);
  return filled.ok ? ok(filled.value?.dict) : filled;
}

/** If the library's configuration still gives that file; if not, the device is soon told of another one. */
export async function findServedConfiguration(
  env: Env,
  { deviceId, origin }: { deviceId: string; origin: string },
  declared: readonly DeclaredFor[],
  sha256: string,
): Promise<Bytes | undefined> {
  const db = openDb(env.DB);
  for (const { userId, identifier } of declared) {
    const name = appOfConfiguration(identifier);
    const row = name === undefined ? undefined : await findApp(db, name);
    const facts = row && (await findChannelFacts(env, db, { deviceId, userId }, origin));
    if (!row || !facts) continue;
    const filled = await fillConfiguration(env, row, facts);
    if (filled.ok && filled.value?.sha256 === sha256) return filled.value.bytes;
  }
  return undefined;
}
