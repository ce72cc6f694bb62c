// The keys of a payload, or of a dictionary in it: the needed ones and those that are set first, all others to unfold.
import { useState } from "preact/hooks";
import { TextField } from "../../../parts/form.tsx";
import { Disclosure } from "../../../parts/small.tsx";
import { words } from "../../../words/words.ts";
import { useFields } from "./context.ts";
import { factsOf } from "./facts.ts";
import { JsonField } from "./json-field.tsx";
import { titleOfKey } from "./key-words.ts";
import { type GroupProps, isObject, isPlain, ListField } from "./list-field.tsx";
import { type FieldOf, type Frame, ScalarField } from "./scalar-field.tsx";
import { type Json, type JsonObject, type KeySpec, step } from "./spec.ts";

/** So many keys are shown without unfolding anything. */
const few = 10;
/** From so many on, they can be searched. */
const many = 16;

/** Which of a payload's many keys most people set. They come first. */
const common: Readonly<Record<string, readonly string[]>> = {
  "com.apple.wifi.managed": ["SSID_STR", "EncryptionType", "Password", "AutoJoin", "HIDDEN_NETWORK"],
  "com.apple.applicationaccess": [
    "allowCamera",
    "allowScreenShot",
    "allowAppInstallation",
    "allowAppRemoval",
    "allowCloudBackup",
    "allowAirDrop",
    "allowEraseContentAndSettings",
    "allowOpenFromManagedToUnmanaged",
    "allowOpenFromUnmanagedToManaged",
    "forceEncryptedBackup",
  ],
  "com.apple.vpn.managed": ["UserDefinedName", "VPNType", "IKEv2", "OnDemandEnabled"],
  "com.apple.webClip.managed": ["Label", "URL", "Icon", "IsRemovable", "FullScreen"],
  "com.apple.mail.managed": [
    "EmailAccountName",
    "EmailAccountType",
    "EmailAddress",
    "IncomingMailServerHostName",
    "IncomingMailServerUsername",
    "OutgoingMailServerHostName",
  ],
  "com.apple.eas.account": ["EmailAddress", "Host", "UserName", "OAuth", "SSL"],
  "com.apple.webcontent-filter": ["FilterType", "AutoFilterEnabled", "DenyListURLs", "PermittedURLs"],
  "com.apple.dock": ["tilesize", "orientation", "autohide", "persistent-apps", "show-recents"],
  "com.apple.loginwindow": ["SHOWFULLNAME", "LoginwindowText", "DisableConsoleAccess", "DisableFDEAutoLogin"],
};

const hidden = /^Payload(Type|UUID|Identifier|Version|DisplayName|Description|Organization|Enabled)$/;

export function Group({ keys, value, onChange, pointer, type }: GroupProps) {
  const said = words("payloads");
  const [search, setSearch] = useState("");
  // What stands in front is decided once: a field must not move while somebody fills it.
  const [front] = useState(() => frontOf(keys, value, type));
  const known = new Set(keys.map(({ name }) => name));
  const extras = Object.keys(value).filter((name) => !known.has(name) && !hidden.test(name));
  const set = (name: string, next: Json | undefined) => {
    const { [name]: _before, ...rest } = value;
    onChange(next === undefined ? rest : { ...rest, [name]: next });
  };
  const fieldOf = (spec: KeySpec) => (
    <KeyField
      key={spec.name}
      spec={spec}
      value={value[spec.name]}
      onChange={(next) => set(spec.name, next)}
      pointer={pointer + step(spec.name)}
    />
  );
  const others = keys.filter(({ name }) => !front.includes(name));
  const wanted = search.trim().toLowerCase();
  const found = others.filter(
    ({ name }) => wanted === "" || `${name} ${titleOfKey(name)}`.toLowerCase().includes(wanted),
  );
  return (
    <div class="group">
      {front.flatMap((name) => keys.filter((key) => key.name === name)).map(fieldOf)}
      {extras.map((name) => (
        <KeyField
          key={name}
          spec={{ name, type: "any" }}
          value={value[name]}
          onChange={(next) => set(name, next)}
          pointer={pointer + step(name)}
        />
      ))}
      {others.length > 0 && (
        <Disclosure title={said.furtherSettings(others.length)}>
          <div class="group">
            {others.length >= many && (
              <TextField label={said.findSetting} type="search" value={search} onInput={setSearch} />
            )}
            {found.map(fieldOf)}
            {found.length === 0 && <p class="hint">{words("common").say.nothingFits}</p>}
          </div>
        </Disclosure>
      )}
    </div>
  );
}

function frontOf(keys: readonly KeySpec[], value: JsonObject, type: string | undefined): string[] {
  if (keys.length <= few) return keys.map(({ name }) => name);
  const first = (type !== undefined && common[type]) || [];
  const needed = keys
    .filter(({ name, required }) => required || Object.hasOwn(value, name))
    .map(({ name }) => name);
  const names = [...new Set([...first, ...needed])].filter((name) => keys.some((key) => key.name === name));
  return names.length > 0 ? names : keys.slice(0, few).map(({ name }) => name);
}

/** One key, by its type, with what the schema and the server say about it. */
function KeyField({ spec, value, onChange, pointer }: FieldOf) {
  const { findingsAt } = useFields();
  const said = words("payloads");
  const findings = findingsAt(pointer);
  const errors = findings.filter(({ level }) => level === "error");
  const facts = factsOf(spec);
  const frame: Frame = {
    label: titleOfKey(spec.name),
    hint: (
      <>
        {spec.required && <strong>{said.needed} </strong>}
        <code>{spec.name}</code>
        {facts !== "" && ` · ${facts}`}
      </>
    ),
    ...(errors.length > 0 && { error: errors.map(saidOf).join(" ") }),
  };
  return (
    <div class="key" data-pointer={pointer}>
      <Control spec={spec} value={value} onChange={onChange} pointer={pointer} frame={frame} />
      {findings
        .filter(({ level }) => level === "warning")
        .map((finding) => (
          <p class="warning" key={finding.code}>
            {saidOf(finding)}
          </p>
        ))}
    </div>
  );
}

export const saidOf = ({ detail, remedy }: { detail: string; remedy?: string }): string =>
  `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.${remedy === undefined ? "" : ` ${remedy}`}`;

function Control({ spec, value, onChange, pointer, frame }: FieldOf & { frame: Frame }) {
  const isOther = spec.type === "any" || (value !== undefined && !fits(spec, value));
  if (isOther) return <JsonField value={value} onChange={onChange} frame={frame} rows={2} />;
  if (spec.type === "array")
    return (
      <ListField
        group={Group}
        spec={spec}
        value={value}
        onChange={onChange}
        pointer={pointer}
        frame={frame}
      />
    );
  if (spec.type !== "dictionary")
    return <ScalarField spec={spec} value={value} onChange={onChange} pointer={pointer} frame={frame} />;
  if (!isPlain(spec)) return <JsonField value={value} onChange={onChange} frame={frame} />;
  return <Nested keys={spec.keys ?? []} value={value} onChange={onChange} pointer={pointer} frame={frame} />;
}

/** A value of another shape than the schema's is shown as it is: nothing of it may be lost. */
function fits({ type }: KeySpec, value: Json): boolean {
  if (type === "dictionary") return isObject(value);
  if (type === "array") return Array.isArray(value);
  return typeof value !== "object" || value === null;
}

/** The dictionary is left out while nothing in it is set. */
function Nested({
  keys,
  value,
  onChange,
  pointer,
  frame,
}: Omit<FieldOf, "spec"> & { keys: readonly KeySpec[]; frame: Frame }) {
  const count = isObject(value ?? null) ? Object.keys(value as JsonObject).length : 0;
  const [open] = useState(count > 0);
  return (
    <Disclosure
      open={open}
      title={
        <>
          {frame.label} {count > 0 && <span class="count">{words("payloads").isSet(count)}</span>}
        </>
      }
    >
      <div class="hint">{frame.hint}</div>
      {frame.error !== undefined && <div class="error">{frame.error}</div>}
      <div class="entry">
        <Group
          keys={keys}
          value={(value ?? {}) as JsonObject}
          onChange={(next) => onChange(Object.keys(next).length === 0 ? undefined : next)}
          pointer={pointer}
        />
      </div>
    </Disclosure>
  );
}
