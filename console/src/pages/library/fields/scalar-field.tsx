// A key with one value: a text, a number, a choice, a date, a file.
import { readBytes } from "../../../api/files.ts";
import { Button } from "../../../parts/button.tsx";
import { FileField, SelectField, TextField } from "../../../parts/form.tsx";
import { bytes } from "../../../words/forms.ts";
import { words } from "../../../words/words.ts";
import { useFields } from "./context.ts";
import type { Json, KeySpec } from "./spec.ts";

export type FieldOf = {
  spec: KeySpec;
  value: Json | undefined;
  /** Undefined: the key is left out. */
  onChange: (value: Json | undefined) => void;
  pointer: string;
};

/** What every field shows around its control. */
export type Frame = { label: string; hint?: preact.ComponentChildren; error?: string | undefined };

/** What the server puts in the place of a secret that it does not show. */
const masked = "(masked)";

export function ScalarField({ spec, value, onChange, frame }: FieldOf & { frame: Frame }) {
  const { references } = useFields();
  const choices = choicesOf(spec, references);
  if (choices !== undefined)
    return <Choice spec={spec} value={value} choices={choices} onChange={onChange} frame={frame} />;
  switch (spec.type) {
    case "integer":
    case "real":
      return (
        <TextField
          {...frame}
          type="number"
          value={value === undefined ? "" : String(value)}
          placeholder={placeholder(spec)}
          {...(spec.type === "real" && { step: "any" })}
          onInput={(text) => onChange(text === "" ? undefined : numberIn(text))}
        />
      );
    case "date":
      return (
        <TextField
          {...frame}
          type="datetime-local"
          value={localTime(value)}
          onInput={(text) =>
            onChange(text === "" ? undefined : new Date(text).toISOString().replace(/\.\d+/, ""))
          }
        />
      );
    case "data":
      return <DataField value={value} onChange={onChange} frame={frame} />;
    default:
      return <Text spec={spec} value={value} onChange={onChange} frame={frame} />;
  }
}

type Part = Omit<FieldOf, "pointer"> & { frame: Frame };

function Text({ spec, value, onChange, frame }: Part) {
  const isMasked = value === masked;
  const text = isMasked || value === undefined ? "" : String(value);
  return (
    <TextField
      {...frame}
      {...(isMasked && { hint: words("payloads").maskedHint })}
      type={spec.secret ? "password" : "text"}
      autocomplete={spec.secret ? "new-password" : "off"}
      value={text}
      placeholder={isMasked ? "••••••••" : placeholder(spec)}
      {...(text.includes("\n") && !spec.secret && { rows: Math.min(12, text.split("\n").length + 1) })}
      onInput={(typed) => onChange(typed === "" ? undefined : typed)}
    />
  );
}

type Choices = readonly (string | number | boolean)[];

const isReference = ({ type, name, format }: KeySpec): boolean =>
  type === "string" && /UUIDs?$/.test(name) && format !== undefined;

function choicesOf(spec: KeySpec, references: readonly (readonly [string, string])[]): Choices | undefined {
  if (spec.type === "boolean") return [true, false];
  if (spec.rangelist !== undefined && spec.rangelist.length > 0) return spec.rangelist;
  if (spec.choices !== undefined && spec.choices.length > 0) return spec.choices.map(({ value }) => value);
  return isReference(spec) ? references.map(([uuid]) => uuid) : undefined;
}

/** "Not set" is one of the choices, and says what holds then. What is set stays a choice, even one that nobody knows. */
function Choice({ spec, value, choices, onChange, frame }: Part & { choices: Choices }) {
  const { references } = useFields();
  const said = words("payloads");
  const { on, off } = words("common").say;
  const titleOf = (choice: Json): string =>
    typeof choice === "boolean"
      ? choice
        ? on
        : off
      : (references.find(([uuid]) => uuid === choice)?.[1] ?? String(choice));
  const all: Json[] =
    value === undefined || choices.some((one) => one === value) ? [...choices] : [...choices, value];
  const unset = spec.default === undefined ? said.notSet : said.notSetMeans(titleOf(spec.default));
  return (
    <SelectField
      {...frame}
      value={value === undefined ? "" : JSON.stringify(value)}
      options={[
        ["", unset],
        ...all.map((choice): [string, string] => [JSON.stringify(choice), titleOf(choice)]),
      ]}
      onChange={(chosen) => onChange(chosen === "" ? undefined : (JSON.parse(chosen) as Json))}
    />
  );
}

function DataField({ value, onChange, frame }: Omit<Part, "spec">) {
  const said = words("payloads");
  const size = typeof value === "string" ? Math.floor((value.length * 3) / 4) : 0;
  return (
    <div class="data-field">
      <FileField
        {...frame}
        onFile={(file) => {
          if (file) void readBytes(file).then((content) => onChange(toBase64(content)));
        }}
      />
      {value !== undefined && (
        <p class="badges">
          <span class="hint">{value === masked ? said.maskedHint : said.holds(bytes(size))}</span>
          <Button small kind="quiet" onClick={() => onChange(undefined)}>
            {said.remove}
          </Button>
        </p>
      )}
    </div>
  );
}

function toBase64(content: Uint8Array): string {
  let text = "";
  for (const byte of content) text += String.fromCharCode(byte);
  return btoa(text);
}

const placeholder = (spec: KeySpec): string => (spec.default === undefined ? "" : String(spec.default));

/** What is no number stays as it was typed, and the server says so at the field. */
const numberIn = (text: string): Json => (Number.isFinite(Number(text)) ? Number(text) : text);

function localTime(value: Json | undefined): string {
  const at = new Date(String(value));
  if (value === undefined || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export { isReference, masked };
