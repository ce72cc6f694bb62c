import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Copyable } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";

const styles = ["cloudevents", "nanomdm", "slack"] as const;

export function NewWebhook({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const said = words("operations").webhooks;
  const [made, setMade] = useState<Schemas["CreatedWebhook"]>();
  const form = useForm(
    { name: "", url: "", style: "cloudevents" as (typeof styles)[number], topics: "device.*\nproblem.*" },
    async ({ topics, ...rest }) => {
      const wanted = topics.split(/[\s,]+/).filter((topic) => topic !== "");
      setMade(
        await api.post("/webhooks", { body: { ...rest, ...(wanted.length > 0 && { topics: wanted }) } }),
      );
      onMade();
    },
  );
  const { values, errors, set } = form;
  if (made !== undefined)
    return (
      <Dialog title={said.secret} onClose={onClose} lasting>
        <p class="hint">{said.secretHint}</p>
        <Copyable text={made.secret} />
        <div class="actions end">
          <Button kind="primary" onClick={onClose}>
            {words("common").say.close}
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={said.new} onClose={onClose}>
      <Form state={form} submit={said.make} onCancel={onClose}>
        <TextField
          label={said.name}
          error={errors["/name"]}
          value={values.name}
          required
          onInput={(name) => set({ name })}
        />
        <TextField
          label={said.url}
          hint={said.urlHint}
          error={errors["/url"]}
          type="url"
          value={values.url}
          required
          onInput={(url) => set({ url })}
        />
        <SelectField
          label={said.style}
          error={errors["/style"]}
          value={values.style}
          options={styles.map((style) => [style, said.styles[style]] as const)}
          onChange={(style) => set({ style })}
        />
        <TextField
          label={said.topics}
          hint={said.topicsHint}
          error={errors["/topics"]}
          rows={3}
          mono
          value={values.topics}
          onInput={(topics) => set({ topics })}
        />
      </Form>
    </Dialog>
  );
}
