// A set as PUT takes it, and what the server warned of when it was saved last.
import { signal } from "@preact/signals";
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, unlessChanged } from "../../api/api.ts";

type NewSet = Schemas["NewSet"];

export type Lists = Pick<Schemas["Set"], "profiles" | "declarations" | "apps">;
export type Kind = keyof Lists;

export const kinds = ["profiles", "declarations", "apps"] as const satisfies Kind[];

/** All of it that callers may set. */
export const bodyOf = ({
  description,
  profiles,
  declarations,
  apps,
  optional,
  filter,
  activate,
  predicate,
  device_name,
}: Schemas["Set"]): NewSet => ({
  ...{ description, profiles, declarations, apps, optional, filter, activate, predicate, device_name },
});

type Warnings = Schemas["SavedSet"]["warnings"];

/** Of the set that was saved last: they concern who sees its page next. */
export const lastWarnings = signal<{ name: string; warnings: Warnings }>({ name: "", warnings: [] });

export const keepWarnings = (name: string, warnings: Warnings): void => {
  lastWarnings.value = { name, warnings };
};

/** The set with other members; everything else as it was read. Without a plan it goes as the server's settings say. */
export async function changeMembers(
  name: string,
  plan: string,
  edit: (lists: Lists, optional: Lists) => void,
): Promise<void> {
  const { value, tag } = await readTagged("/sets/{name}", { path: { name } });
  const copy = ({ profiles, declarations, apps }: Lists): Lists => ({
    profiles: [...profiles],
    declarations: [...declarations],
    apps: [...apps],
  });
  const [lists, optional] = [copy(value), copy(value.optional)];
  edit(lists, optional);
  const saved = await api.put("/sets/{name}", {
    path: { name },
    body: { ...bodyOf(value), ...lists, optional, ...(plan !== "" && { rollout: plan }) },
    ...unlessChanged(tag),
  });
  keepWarnings(name, saved.warnings);
}
