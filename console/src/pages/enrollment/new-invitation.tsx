import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Qr } from "../../parts/qr.tsx";
import { CopyButton, Disclosure } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";

type Made = Schemas["CreatedInvitation"];

const days = ["1", "7", "30", "90", "365"] as const;
const empty = { note: "", max_uses: "1", days: "7", serial: "", user: "", mail_to: "" };

export function NewInvitation({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const said = words("enrollment").invitations;
  const [made, setMade] = useState<Made>();
  const form = useForm(empty, async (values) => {
    const answer = await api.post("/enrollment/invitations", {
      body: {
        note: values.note,
        max_uses: Number(values.max_uses),
        expires_at: new Date(Date.now() + Number(values.days) * 86_400_000).toISOString(),
        serial: values.serial.trim() || null,
        user: values.user.trim() || null,
        mail_to: values.mail_to.trim() || null,
      },
    });
    setMade(answer);
    onMade();
  });
  if (made !== undefined)
    return (
      <Ready
        made={made}
        mailTo={form.values.mail_to}
        onClose={onClose}
        onAnother={() => {
          setMade(undefined);
          form.reset(empty);
        }}
      />
    );
  return (
    <Dialog title={said.new} onClose={onClose}>
      <Form state={form} submit={said.make} onCancel={onClose}>
        <TextField
          label={said.note}
          hint={said.noteHint}
          error={form.errors["/note"]}
          value={form.values.note}
          onInput={(note) => form.set({ note })}
        />
        <div class="pair">
          <TextField
            label={said.uses}
            type="number"
            min={1}
            required
            error={form.errors["/max_uses"]}
            value={form.values.max_uses}
            onInput={(max_uses) => form.set({ max_uses })}
          />
          <SelectField
            label={said.days}
            error={form.errors["/expires_at"]}
            value={form.values.days}
            options={days.map((count) => [count, said.daysOf(Number(count))] as const)}
            onChange={(chosen) => form.set({ days: chosen })}
          />
        </div>
        <Disclosure title={said.more} open={Boolean(form.errors["/serial"] ?? form.errors["/user"])}>
          <div class="form">
            <TextField
              label={said.user}
              hint={said.userHint}
              error={form.errors["/user"]}
              value={form.values.user}
              onInput={(user) => form.set({ user })}
            />
            <TextField
              label={said.serial}
              mono
              error={form.errors["/serial"]}
              value={form.values.serial}
              onInput={(serial) => form.set({ serial })}
            />
            <TextField
              label={said.mail}
              type="email"
              error={form.errors["/mail_to"]}
              value={form.values.mail_to}
              onInput={(mail_to) => form.set({ mail_to })}
            />
          </div>
        </Disclosure>
      </Form>
    </Dialog>
  );
}

function Ready({
  made,
  mailTo,
  onClose,
  onAnother,
}: {
  made: Made;
  mailTo: string;
  onClose: () => void;
  onAnother: () => void;
}) {
  const said = words("enrollment").invitations;
  return (
    <Dialog title={said.ready} onClose={onClose} lasting>
      <p>{said.readyHint}</p>
      {made.mail !== null && (
        <p class={made.mail.sent ? "hint" : "note tone-warn"}>
          {made.mail.sent ? said.mailSent(mailTo) : `${said.mailTrouble} ${made.mail.trouble ?? ""}`}
        </p>
      )}
      <div class="invitation">
        <Qr text={made.url} label={said.code} />
        <div class="link-to-copy">
          <code>{made.url}</code>
          <CopyButton text={made.url} label={said.copyLink} />
        </div>
      </div>
      <div class="actions end">
        <Button onClick={onAnother}>{said.another}</Button>
        <Button kind="primary" onClick={onClose}>
          {said.done}
        </Button>
      </div>
    </Dialog>
  );
}
