// Changing what a webhook sends and where to, and giving it another secret.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm, Dialog } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Form, TextField, useTaggedForm } from "../../parts/form.tsx";
import { Copyable } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type Known = Schemas["WebhookDetail"];

/** The address is a secret as a whole: it is shown by its host, and replaced only if another one is typed. */
const valuesOf = ({ name, topics }: Known) => ({ name, topics: topics.join("\n"), url: "" });

type Values = ReturnType<typeof valuesOf>;

export function EditWebhook({
  id,
  onDone,
  onClose,
}: {
  id: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const known = useResource((signal) => readTagged("/webhooks/{id}", { path: { id }, signal }), [id]);
  return (
    <Dialog title={words("operations").webhooks.editTitle} onClose={onClose}>
      <Load of={known}>
        {(found) => <Fields known={found} onSaved={known.set} onDone={onDone} onClose={onClose} />}
      </Load>
    </Dialog>
  );
}

function Fields({
  known,
  onSaved,
  onDone,
  onClose,
}: {
  known: Tagged<Known>;
  onSaved: (known: Tagged<Known>) => void;
  onDone: () => void;
  onClose: () => void;
}) {
  const said = words("operations").webhooks;
  const path = { id: known.value.id };
  const { form, ...others } = useTaggedForm({
    ...{ known, valuesOf, onSaved },
    read: () => readTagged("/webhooks/{id}", { path }),
    save: ({ name, topics, url }: Values, _before, guard) => {
      const wanted = topics.split(/[\s,]+/).filter((topic) => topic !== "");
      const body = { name, topics: wanted, ...(url.trim() !== "" && { url: url.trim() }) };
      return api.patch("/webhooks/{id}", { path, body, ...guard });
    },
  });
  const { values, errors, set } = form;
  const done = () => {
    say(said.saved);
    onDone();
    onClose();
  };
  return (
    <Form state={form} submit={said.save} onCancel={onClose} onDone={done} {...others}>
      <TextField
        label={said.name}
        required
        error={errors["/name"]}
        value={values.name}
        onInput={(name) => set({ name })}
      />
      <TextField
        label={said.url}
        hint={said.urlKeeps(known.value.host)}
        type="url"
        error={errors["/url"]}
        value={values.url}
        onInput={(url) => set({ url })}
      />
      <TextField
        label={said.topics}
        hint={said.topicsHint}
        rows={3}
        mono
        error={errors["/topics"]}
        value={values.topics}
        onInput={(topics) => set({ topics })}
      />
    </Form>
  );
}

const overlapHours = 24;

export function NewSecret({ id }: { id: string }) {
  const said = words("operations").webhooks;
  const [secret, setSecret] = useState<string>();
  const renew = useAction(async () => {
    const question = {
      title: said.newSecretTitle,
      text: said.newSecretText(overlapHours),
      yes: said.newSecret,
    };
    if (!(await confirm(question))) return;
    const body = { overlap_hours: overlapHours };
    setSecret((await api.post("/webhooks/{id}/secret", { path: { id }, body })).secret);
  });
  return (
    <>
      <Button icon="key" may="POST /webhooks/{id}/secret" busy={renew.busy} onClick={() => renew.run()}>
        {said.newSecret}
      </Button>
      <FaultNote fault={renew.fault} />
      {secret !== undefined && (
        <Dialog title={said.secret} onClose={() => setSecret(undefined)} lasting>
          <p class="hint">{said.secretHint}</p>
          <Copyable text={secret} />
          <div class="actions end">
            <Button kind="primary" onClick={() => setSecret(undefined)}>
              {words("common").say.close}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
