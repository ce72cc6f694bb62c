// The form of a first start. Keys of Apple's that have no field here stay as they are.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { confirm } from "../../parts/dialog.tsx";
import { CheckField, Form, type FormState, TextField, useForm, useTaggedForm } from "../../parts/form.tsx";
import { NameField } from "../../parts/name-field.tsx";
import { useTaken } from "../../parts/taken.ts";
import { words } from "../../words/words.ts";

export type Saved = Schemas["SavedAdeProfile"];
type Known = Schemas["AdeProfileDetail"];
type Keys = Readonly<Record<string, unknown>>;

const texts = { title: "profile_name", department: "department", phone: "support_phone_number" } as const;
const places = { language: "language", region: "region" } as const;
const flags = [
  "is_supervised",
  "is_mandatory",
  "is_mdm_removable",
  "await_device_configured",
  "do_not_use_profile_from_backup",
  "is_multi_user",
  "auto_advance_setup",
] as const;

type Text = keyof typeof texts | keyof typeof places;
type Flag = (typeof flags)[number];
type Values = { name: string; skip: string } & Record<Text, string> & Record<Flag, boolean>;

const named = { ...texts, ...places };

/** What most organizations want for their own devices. */
const usual: Keys = {
  ...{ is_supervised: true, is_mandatory: true, is_mdm_removable: false, await_device_configured: true },
  do_not_use_profile_from_backup: true,
};

function valuesOf(name: string, keys: Keys): Values {
  const text = (key: string): string => (typeof keys[key] === "string" ? String(keys[key]) : "");
  const skipped = Array.isArray(keys.skip_setup_items) ? keys.skip_setup_items : [];
  return {
    name,
    skip: skipped.join("\n"),
    ...(Object.fromEntries(Object.entries(named).map(([field, key]) => [field, text(key)])) as Record<
      Text,
      string
    >),
    ...(Object.fromEntries(flags.map((flag) => [flag, keys[flag] === true])) as Record<Flag, boolean>),
  };
}

/** Apple refuses a text that is there and empty. */
function keysOf(before: Keys, values: Values): Record<string, unknown> {
  const keys: Record<string, unknown> = { ...before };
  for (const [field, key] of Object.entries(named)) {
    const typed = values[field as Text].trim();
    if (typed === "") delete keys[key];
    else keys[key] = typed;
  }
  for (const flag of flags) keys[flag] = values[flag];
  const skipped = values.skip.split(/[\s,]+/).filter((item) => item !== "");
  if (skipped.length > 0 || "skip_setup_items" in before) keys.skip_setup_items = skipped;
  return keys;
}

export function NewFirstStart({
  onSaved,
  onCancel,
}: {
  onSaved: (saved: Saved) => void;
  onCancel: () => void;
}) {
  const said = words("apple").profile;
  const form = useForm(valuesOf("", usual), async (values) => {
    const name = values.name.trim();
    const order = { path: { name }, body: keysOf({}, values), headers: { "If-None-Match": "*" } };
    const saved = await api.put("/ade/profiles/{name}", order);
    setTimeout(() => onSaved(saved));
  });
  const state = useTaken(form, "name", said.taken);
  return (
    <Form state={state} submit={said.make} onCancel={onCancel}>
      <NameField form={state} said={said} />
      <Fields form={state} />
    </Form>
  );
}

export function EditFirstStart({
  known,
  onSaved,
  onCancel,
}: {
  known: Tagged<Known>;
  onSaved: (saved: Saved) => void;
  onCancel: () => void;
}) {
  const said = words("apple").profile;
  const path = { name: known.value.name };
  const { form, ...others } = useTaggedForm({
    known,
    valuesOf: ({ name, profile }: Known) => valuesOf(name, profile),
    read: () => readTagged("/ade/profiles/{name}", { path }),
    onSaved: () => undefined,
    save: async (values: Values, _before, guard) => {
      // Keys without a field are those of now; the tag refuses if somebody else changed them meanwhile.
      const { profile: now } = await api.get("/ade/profiles/{name}", { path });
      const body = keysOf(now, values);
      const saved = await api.put("/ade/profiles/{name}", { path, body, ...guard });
      setTimeout(() => onSaved(saved));
    },
  });
  const submit = async () => {
    const { devices } = known.value;
    const title = said.saveTitle(words("common").say.devices(devices));
    const isMeant = devices === 0 || (await confirm({ title, text: said.saveText, yes: said.save }));
    return isMeant && (await form.submit());
  };
  return (
    <Form state={{ ...form, submit }} submit={said.save} onCancel={onCancel} {...others}>
      <Fields form={form} />
    </Form>
  );
}

function Fields({ form: { values, errors, set } }: { form: FormState<Values> }) {
  const said = words("apple").profile;
  const text = (field: Text) => (
    <TextField
      key={field}
      label={said[field]}
      required={field === "title"}
      error={errors[`/${named[field]}`]}
      value={values[field]}
      onInput={(typed) => set({ [field]: typed })}
    />
  );
  return (
    <>
      {(Object.keys(texts) as Text[]).map(text)}
      {flags.map((flag) => (
        <CheckField
          key={flag}
          label={said.flags[flag]}
          {...(said.flagHints[flag] !== "" && { hint: said.flagHints[flag] })}
          checked={values[flag]}
          onChange={(on) => set({ [flag]: on })}
        />
      ))}
      <TextField
        label={said.skip}
        hint={said.skipHint}
        rows={4}
        mono
        error={errors["/skip_setup_items"]}
        value={values.skip}
        onInput={(skip) => set({ skip })}
      />
      <div class="pair">{(Object.keys(places) as Text[]).map(text)}</div>
    </>
  );
}
