import type { Schemas } from "../../../../client/api.d.ts";
import { CheckField, SelectField } from "../../parts/form.tsx";
import { words } from "../../words/words.ts";

type Role = Schemas["NewToken"]["role"];
export type Right = NonNullable<Schemas["NewToken"]["rights"]>[number];

const roles: readonly Role[] = ["viewer", "helpdesk", "operator", "admin"];
const rights: readonly Right[] = ["read-escrow", "erase", "disown"];

export type RoleAndRights = { role: Role; rights: readonly Right[] };

/** A role, and the rights that can be given besides; an administrator has all of them. */
export function RoleFields({
  values,
  error,
  set,
}: {
  values: RoleAndRights;
  error: string | undefined;
  set: (change: Partial<RoleAndRights>) => void;
}) {
  const said = words("operations").access;
  const names = words("common").shell.roles;
  return (
    <>
      <SelectField
        label={said.role}
        hint={said.roleHints[values.role]}
        error={error}
        value={values.role}
        options={roles.map((role) => [role, names[role]] as const)}
        onChange={(role) => set({ role, ...(role === "admin" && { rights: [] }) })}
      />
      {values.role !== "admin" && (
        <fieldset class="form">
          <legend class="legend">{said.rights}</legend>
          {rights.map((right) => (
            <CheckField
              key={right}
              label={said.right[right]}
              checked={values.rights.includes(right)}
              onChange={(checked) =>
                set({
                  rights: checked ? [...values.rights, right] : values.rights.filter((one) => one !== right),
                })
              }
            />
          ))}
        </fieldset>
      )}
    </>
  );
}

export function RoleWords({ role, rights: given }: RoleAndRights) {
  const said = words("operations").access;
  return (
    <>
      {words("common").shell.roles[role]}
      {given.length > 0 && <span class="quiet"> · {given.map((right) => said.right[right]).join(", ")}</span>}
    </>
  );
}
