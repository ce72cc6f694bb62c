import { Hono } from "hono";
import * as v from "valibot";
import { settingsFreshMs } from "../../../admin/identity-settings.ts";
import {
  type Settings,
  type SettingsPatch,
  secretSettings,
  settingsPatch,
  settingsSchema,
} from "../../../admin/setting-entries.ts";
import { patchSettings, readSettings } from "../../../admin/settings.ts";
import { changesDeclared } from "../../../assignment/own-declarations.ts";
import { everyoneChanged } from "../../../db/assignment-changes.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid } from "../route/validate.ts";

const SettingsAnswer = v.pipe(settingsSchema, v.title("Settings"));
const mask = "********";

/** What was read may be sent back: a mask leaves the secret behind it as it is. */
const SettingsPatchBody = v.pipe(
  v.strictObject({
    ...settingsPatch.entries,
    ...Object.fromEntries(
      secretSettings.map((name) => [
        name,
        v.exactOptional(v.union([v.literal(mask), settingsPatch.entries[name].wrapped])),
      ]),
    ),
  } as typeof settingsPatch.entries),
  v.title("SettingsPatch"),
);

export const settings = new Hono<ApiEnv>();

settings.get(
  "/",
  describeRoute(
    "Read the runtime settings",
    { 200: SettingsAnswer },
    {
      detail: `A secret that is set reads \`${mask}\`; sent back like that it stays unchanged. A change takes effect everywhere within a minute.`,
    },
  ),
  allow("viewer"),
  async (c) => c.json(present(await readSettings(c.env))),
);

settings.patch(
  "/",
  describeRoute("Change some of the runtime settings", { 200: SettingsAnswer }),
  allow("admin"),
  body(SettingsPatchBody),
  async (c) => {
    const patch = withoutMasks(c.req.valid("json"));
    const now = Date.now();
    // Only after every isolate knows it: a device that compared with the old settings would not compare again.
    const known = now + settingsFreshMs;
    const before = await readSettings(c.env);
    const trust = patch.trust_reported_identifiers ?? before.trust_reported_identifiers;
    const isSeen = changesDeclared(before, patch) || trust !== before.trust_reported_identifiers;
    const notes = isSeen ? [everyoneChanged(c.var.db, { now: known })] : [];
    const patched = await patchSettings(c.env, patch, now, notes);
    if (patched.ok) return c.json(present(patched.value));
    const { reason, name, detail } = patched.refusal;
    return invalid(c, [{ pointer: `/${name}`, code: reason, detail }]);
  },
);

const withoutMasks = (patch: SettingsPatch): SettingsPatch =>
  Object.fromEntries(
    Object.entries(patch).filter(
      ([name, value]) => !(value === mask && secretSettings.some((secret) => secret === name)),
    ),
  );

function present(settings: Settings): Settings {
  const masked = secretSettings.filter((name) => settings[name] !== null).map((name) => [name, mask]);
  return { ...settings, ...Object.fromEntries(masked) };
}
