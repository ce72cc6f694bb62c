// The filter of a set, condition by condition, and whom it reaches, said while one chooses.
import { useEffect, useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { SelectField, TextField } from "../../parts/form.tsx";
import { words } from "../../words/words.ts";

export type Filter = NonNullable<Schemas["NewSet"]["filter"]>;
export type Condition = { name: keyof Filter; value: string };

const platforms = ["ios", "ipados", "macos", "tvos", "visionos", "watchos"] as const;
const kinds = ["device", "ade", "account_device", "user"] as const;
const yesNo = [
  "supervised",
  "encrypted",
  "passcode_present",
  "passcode_compliant",
  "activation_lock",
  "lost_mode",
] as const satisfies (keyof Filter)[];
const texts = [
  "tag",
  "os_min",
  "os_max",
  "os",
  "user_department",
  "attribute",
  "attribute_min",
  "attribute_max",
  "serial",
  "user",
  "person",
] as const satisfies (keyof Filter)[];
const all: readonly (keyof Filter)[] = ["platform", "tag", "kind", ...texts.slice(1), ...yesNo];

const isYesNo = (name: keyof Filter): boolean => (yesNo as readonly string[]).includes(name);

/** What a condition begins with: a value that the server takes, or nothing for a text. */
const firstValue = (name: keyof Filter): string =>
  name === "platform" ? "macos" : name === "kind" ? "ade" : isYesNo(name) ? "true" : "";

export const conditionsOf = (filter: Schemas["Set"]["filter"]): Condition[] =>
  Object.entries(filter ?? {}).map(([name, value]) => ({ name: name as keyof Filter, value: String(value) }));

/** Null: there is no condition. One that has no value yet does not count. */
export function filterOf(conditions: readonly Condition[]): Filter | null {
  const given = conditions
    .filter(({ value }) => value.trim() !== "")
    .map(({ name, value }) => [name, isYesNo(name) ? value === "true" : value.trim()]);
  return given.length === 0 ? null : (Object.fromEntries(given) as Filter);
}

export function FilterFields({
  conditions,
  onChange,
  errorAt,
}: {
  conditions: readonly Condition[];
  onChange: (conditions: Condition[]) => void;
  errorAt: (name: string) => string | undefined;
}) {
  const said = words("library").setForm;
  const used = new Set(conditions.map(({ name }) => name));
  const free = all.filter((name) => !used.has(name));
  return (
    <fieldset class="field">
      <legend class="legend">{said.filter}</legend>
      <p class="hint">{said.filterHint}</p>
      {conditions.map(({ name, value }, at) => (
        <div class="condition" key={name}>
          <Control
            name={name}
            value={value}
            error={errorAt(name)}
            onChange={(next) => onChange(conditions.with(at, { name, value: next }))}
          />
          <Button
            small
            kind="quiet"
            icon="trash"
            label={said.removeCondition(said.conditions[name])}
            onClick={() => onChange(conditions.toSpliced(at, 1))}
          />
        </div>
      ))}
      <SelectField
        label={said.addCondition}
        value=""
        options={[
          ["", words("library").choose],
          ...free.map((name) => [name, said.conditions[name]] as const),
        ]}
        onChange={(name) => {
          if (name !== "") onChange([...conditions, { name, value: firstValue(name) }]);
        }}
      />
    </fieldset>
  );
}

function Control({
  name,
  value,
  error,
  onChange,
}: Condition & { error: string | undefined; onChange: (value: string) => void }) {
  const said = words("library").setForm;
  const { yes, no } = words("common").say;
  const label = said.conditions[name];
  const choices =
    name === "platform"
      ? platforms.map((one) => [one, said.platforms[one]] as const)
      : name === "kind"
        ? kinds.map((one) => [one, said.kinds[one]] as const)
        : isYesNo(name)
          ? ([
              ["true", yes],
              ["false", no],
            ] as const)
          : undefined;
  if (choices !== undefined)
    return <SelectField label={label} error={error} value={value} options={choices} onChange={onChange} />;
  const hints = said.hints as Readonly<Record<string, string>>;
  return (
    <TextField
      label={label}
      error={error}
      {...(hints[name] !== undefined && { hint: hints[name] })}
      value={value}
      onInput={onChange}
    />
  );
}

const pauseMs = 350;

/** "This reaches 37 devices: …", a moment after the last key. */
export function FilterReach({ filter }: { filter: Filter | null }) {
  const said = words("library").setForm;
  const now = JSON.stringify(filter);
  const [asked, setAsked] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(now), pauseMs);
    return () => clearTimeout(timer);
  }, [now]);
  const wanted = JSON.parse(asked) as Filter | null;
  const reach = useResource(
    async (signal) =>
      wanted === null
        ? undefined
        : api.get("/devices", { query: { ...wanted, state: "enrolled", count: true, limit: 3 }, signal }),
    [asked],
  );
  if (wanted === null) return <p class="reach hint">{said.byHand}</p>;
  // What is wrong with a value is said when the set is saved, at the condition.
  if (reach.fault?.kind === "refused") return <p class="reach hint">{said.notYet}</p>;
  const { items = [], count } = reach.value ?? {};
  const names = items.map(({ name, serial, id }) => name ?? serial ?? id);
  return (
    <div class="reach" role="status" aria-busy={reach.loading || undefined}>
      <FaultNote fault={reach.fault} retry={reach.reload} />
      {count !== undefined && (
        <p>
          <strong>{said.reaches(count.items, count.complete)}</strong>
          {names.length > 0 && `: ${names.join(", ")}${count.items > names.length ? " …" : ""}`}
        </p>
      )}
    </div>
  );
}
