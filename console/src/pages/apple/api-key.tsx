// The key of an API account: with a new account, or in place of the one that it has.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { CheckField, FileField, Form, type FormState, TextField, useForm } from "../../parts/form.tsx";
import { NameField } from "../../parts/name-field.tsx";
import { Card } from "../../parts/page.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type Key = { client_id: string; key_id: string; private_key: string };

type Step = { onDone: () => void; onCancel: () => void };

export function NewApiAccount({ onDone, onCancel }: Step) {
  const { api: said } = words("apple");
  const empty = { name: "", client_id: "", key_id: "", private_key: "", reads_coverage: true };
  const form = useForm(empty, (values) => api.post("/ade/api-accounts", { body: trimmed(values) }));
  return (
    <Card>
      <Form
        state={form}
        submit={said.connect}
        onCancel={onCancel}
        onDone={() => {
          say(said.connected);
          onDone();
        }}
      >
        <NameField form={form} said={said} />
        <KeyFields form={form} />
        <CheckField
          label={said.coverage}
          hint={said.coverageHint}
          checked={form.values.reads_coverage}
          onChange={(reads_coverage) => form.set({ reads_coverage })}
        />
      </Form>
    </Card>
  );
}

export function NewKey({ account, onDone, onCancel }: Step & { account: Schemas["ApiAccount"] }) {
  const { api: said } = words("apple");
  const path = { name: account.name };
  const form = useForm({ client_id: account.client_id, key_id: "", private_key: "" }, (values) =>
    api.put("/ade/api-accounts/{name}/key", { path, body: trimmed(values) }),
  );
  return (
    <Form
      state={form}
      submit={said.renew}
      onCancel={onCancel}
      onDone={() => {
        say(said.renewed);
        onDone();
      }}
    >
      <p class="hint">{said.renewHint}</p>
      <KeyFields form={form} />
    </Form>
  );
}

const trimmed = <Values extends Key>(values: Values): Values => ({
  ...values,
  client_id: values.client_id.trim(),
  key_id: values.key_id.trim(),
});

function KeyFields<Values extends Key>({ form }: { form: FormState<Values> }) {
  const { api: said } = words("apple");
  const put = (change: Partial<Key>) => form.set(change as Partial<Values>);
  return (
    <>
      <TextField
        label={said.clientId}
        hint={said.clientIdHint}
        error={form.errors["/client_id"]}
        required
        mono
        value={form.values.client_id}
        onInput={(client_id) => put({ client_id })}
      />
      <TextField
        label={said.keyId}
        error={form.errors["/key_id"]}
        required
        mono
        value={form.values.key_id}
        onInput={(key_id) => put({ key_id })}
      />
      <FileField
        label={said.key}
        hint={said.keyHint}
        error={form.errors["/private_key"]}
        accept=".pem,.key"
        onFile={(file) => void file?.text().then((private_key) => put({ private_key }))}
      />
    </>
  );
}
