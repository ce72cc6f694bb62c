// A key with several values: lines of text, choices to tick, or groups of fields.
import type { ComponentType } from "preact";
import { Button } from "../../../parts/button.tsx";
import { TextField } from "../../../parts/form.tsx";
import { words } from "../../../words/words.ts";
import { useFields } from "./context.ts";
import { JsonField } from "./json-field.tsx";
import { type FieldOf, type Frame, isReference } from "./scalar-field.tsx";
import { type Json, type JsonObject, type KeySpec, type Spec, step } from "./spec.ts";

export type GroupProps = {
  keys: readonly KeySpec[];
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  pointer: string;
  /** Of a payload: its common keys come first. */
  type?: string;
};

/** `group` draws an entry that is a dictionary. */
export function ListField({
  spec,
  value,
  onChange,
  pointer,
  frame,
  group,
}: FieldOf & { frame: Frame; group: ComponentType<GroupProps> }) {
  const { references } = useFields();
  const items = spec.items !== undefined && !("same_as" in spec.items) ? spec.items : undefined;
  const list = value ?? [];
  if (!Array.isArray(list) || items === undefined || items.alternatives !== undefined)
    return <JsonField value={value} onChange={onChange} frame={frame} />;
  const set = (next: Json[]) => onChange(next.length === 0 ? undefined : next);
  const choices = choicesOf(spec, items, references);
  if (choices !== undefined) return <Ticks choices={choices} list={list} onChange={set} frame={frame} />;
  if (items.type === "dictionary" && isPlain(items) && list.every(isObject))
    return <Groups group={group} items={items} list={list} onChange={set} pointer={pointer} frame={frame} />;
  if (["string", "integer", "real"].includes(items.type) && list.every(isScalar))
    return <Lines items={items} list={list} onChange={set} frame={frame} />;
  return <JsonField value={value} onChange={onChange} frame={frame} />;
}

export const isPlain = ({ keys = [] }: Spec): boolean =>
  keys.length > 0 && !keys.some(({ wildcard }) => wildcard === true);

export const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isScalar = (value: Json): boolean => typeof value === "string" || typeof value === "number";

type Choice = readonly [value: Json, title: string];

function choicesOf(
  spec: KeySpec,
  items: Spec,
  references: readonly (readonly [string, string])[],
): readonly Choice[] | undefined {
  const named = items.rangelist ?? items.choices?.map(({ value }) => value);
  if (named !== undefined && named.length > 0) return named.map((value): Choice => [value, String(value)]);
  return isReference({ ...items, name: spec.name }) ? references : undefined;
}

type Part = { list: Json[]; onChange: (list: Json[]) => void; frame: Frame };

function Ticks({ choices, list, onChange, frame }: Part & { choices: readonly Choice[] }) {
  const all = [
    ...choices,
    ...list
      .filter((value) => !choices.some(([choice]) => choice === value))
      .map((value): Choice => [value, String(value)]),
  ];
  return (
    <fieldset class="field">
      <legend class="legend">{frame.label}</legend>
      <div class="ticks">
        {all.map(([value, title]) => (
          <label key={String(value)}>
            <input
              type="checkbox"
              checked={list.includes(value)}
              onChange={(event) =>
                onChange(event.currentTarget.checked ? [...list, value] : list.filter((one) => one !== value))
              }
            />{" "}
            {title}
          </label>
        ))}
        {all.length === 0 && <p class="hint">{words("payloads").noReference}</p>}
      </div>
      {frame.hint !== undefined && <div class="hint">{frame.hint}</div>}
      {frame.error !== undefined && <div class="error">{frame.error}</div>}
    </fieldset>
  );
}

/** One value a line. */
function Lines({ items, list, onChange, frame }: Part & { items: Spec }) {
  const isText = items.type === "string";
  const read = (text: string): Json[] =>
    text === ""
      ? []
      : text
          .split("\n")
          .map((line) => (isText || line === "" || Number.isNaN(Number(line)) ? line : Number(line)));
  return (
    <TextField
      {...frame}
      hint={
        <>
          {words("payloads").oneALine} {frame.hint}
        </>
      }
      rows={Math.max(2, Math.min(12, list.length + 1))}
      value={list.join("\n")}
      onInput={(text) => onChange(read(text))}
    />
  );
}

function Groups({
  group: Group,
  items,
  list,
  onChange,
  pointer,
  frame,
}: Part & { items: Spec; pointer: string; group: ComponentType<GroupProps> }) {
  const said = words("payloads");
  return (
    <fieldset class="field">
      <legend class="legend">{frame.label}</legend>
      {frame.hint !== undefined && <div class="hint">{frame.hint}</div>}
      {frame.error !== undefined && <div class="error">{frame.error}</div>}
      {list.map((entry, at) => (
        <div class="entry" key={at}>
          <div class="entry-head">
            <span class="quiet">{said.entry(at + 1)}</span>
            <Button
              small
              kind="quiet"
              icon="trash"
              label={said.removeEntry(at + 1)}
              onClick={() => onChange(list.toSpliced(at, 1))}
            />
          </div>
          <Group
            keys={items.keys ?? []}
            value={entry as JsonObject}
            onChange={(next) => onChange(list.with(at, next))}
            pointer={pointer + step(at)}
          />
        </div>
      ))}
      <div class="actions">
        <Button small icon="enroll" onClick={() => onChange([...list, {}])}>
          {said.addEntry(frame.label)}
        </Button>
      </div>
    </fieldset>
  );
}
