import * as v from "valibot";
import { secretSettings, settingsPatch, settingsSchema } from "../../../../src/admin/setting-entries.ts";
import { changesDeclared } from "../../../../src/assignment/own-declarations.ts";
import { canonicalJson } from "../../../../src/declarations/canonical-json.ts";
import { patchedKind } from "../patched-kind.ts";
import { nobody } from "../reach.ts";
import type { Tree } from "../thing.ts";

const mask = "********";
const isSecret = (name: string): boolean => (secretSettings as readonly string[]).includes(name);

export const settings = patchedKind({
  place: "settings",
  one: "settings",
  path: "/settings",
  schema: settingsPatch,
  settable: (answer) => answer,
  // A secret that is set is not shown, so nobody knows whether it is the file's: it stays.
  merged: (current, wanted) => ({
    ...current,
    ...Object.fromEntries(
      Object.entries(wanted).filter(
        ([name, value]) => current[name] !== mask || !isSecret(name) || value === null,
      ),
    ),
  }),
  async reach(survey, { thing, current }) {
    const [before, patch] = [
      v.safeParse(settingsSchema, current?.value),
      v.safeParse(settingsPatch, thing?.value),
    ];
    const isSeen = before.success && patch.success && changesDeclared(before.output, patch.output);
    return isSeen ? { touched: await survey.everybody(), losing: nobody.losing } : nobody;
  },
  exported(current) {
    const defaults = v.getDefaults(settingsSchema) as unknown as Tree;
    const said = Object.entries(current).filter(
      ([name, value]) => canonicalJson(value) !== canonicalJson(defaults[name] ?? null),
    );
    return {
      value: Object.fromEntries(said),
      secrets: said.map(([name]) => `/${name}`).filter((place) => isSecret(place.slice(1))),
    };
  },
});
