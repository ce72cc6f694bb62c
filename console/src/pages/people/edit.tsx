// The form of a person: a new one, or one that others may change meanwhile.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { Form, type FormState, TextField, useForm, useTaggedForm } from "../../parts/form.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

export type Person = Schemas["Person"];

const fields = ["name", "email", "department", "account"] as const;

type Values = Record<(typeof fields)[number], string>;

const valuesOf = (person: Partial<Person>): Values =>
  Object.fromEntries(fields.map((field) => [field, person[field] ?? ""])) as Values;

const bodyOf = (values: Values, named: readonly (typeof fields)[number][]): Schemas["PersonChange"] =>
  Object.fromEntries(named.map((field) => [field, values[field].trim() || null]));

export function NewPerson({ onDone, onCancel }: { onDone: (id: string) => void; onCancel: () => void }) {
  const said = words("people");
  const form = useForm(valuesOf({}), async (values) => {
    const { id } = await api.post("/people", { body: bodyOf(values, fields) });
    say(said.saved);
    setTimeout(() => onDone(id));
  });
  return (
    <Form state={form} submit={said.add} onCancel={onCancel}>
      <p class="hint">{said.needsOne}</p>
      <Fields form={form} />
    </Form>
  );
}

export function EditPerson({
  known,
  onSaved,
  onClose,
}: {
  known: Tagged<Person>;
  onSaved: (known: Tagged<Person>) => void;
  onClose: () => void;
}) {
  const said = words("people");
  const path = { id: known.value.id };
  const { form, ...others } = useTaggedForm({
    ...{ known, valuesOf, onSaved },
    read: () => readTagged("/people/{id}", { path }),
    save: (values: Values, before: Values, guard) => {
      const changed = fields.filter((field) => values[field] !== before[field]);
      return api.patch("/people/{id}", { path, body: bodyOf(values, changed), ...guard });
    },
  });
  const done = () => {
    say(said.saved);
    onClose();
  };
  return (
    <Form state={form} submit={said.save} onCancel={onClose} onDone={done} {...others}>
      <Fields form={form} />
    </Form>
  );
}

function Fields({ form: { values, errors, set } }: { form: FormState<Values> }) {
  const said = words("people");
  const hints: Partial<Values> = { email: said.emailHint, account: said.accountHint };
  return (
    <>
      {fields.map((field) => (
        <TextField
          key={field}
          label={said[field]}
          {...(hints[field] !== undefined && { hint: hints[field] })}
          type={field === "email" ? "email" : "text"}
          error={errors[`/${field}`]}
          value={values[field]}
          onInput={(typed) => set({ [field]: typed })}
        />
      ))}
    </>
  );
}
