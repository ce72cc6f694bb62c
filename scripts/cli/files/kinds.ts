// Every kind of thing that a folder may hold, in the order in which they are written: what others need comes first.
import { adeProfiles } from "./kinds/ade-profiles.ts";
import { adeRules } from "./kinds/ade-rules.ts";
import { apps } from "./kinds/apps.ts";
import { attributes } from "./kinds/attributes.ts";
import { declarations } from "./kinds/declarations.ts";
import { enrollment } from "./kinds/enrollment.ts";
import { profiles } from "./kinds/profiles.ts";
import { sets } from "./kinds/sets.ts";
import { settings } from "./kinds/settings.ts";
import { updates } from "./kinds/updates.ts";
import { webhooks } from "./kinds/webhooks.ts";
import type { Kind } from "./thing.ts";

export const kinds: readonly Kind[] = [
  profiles,
  declarations,
  apps,
  attributes,
  sets,
  updates,
  adeProfiles,
  adeRules,
  enrollment,
  settings,
  webhooks,
];
