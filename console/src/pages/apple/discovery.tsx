// The address that Apple tells devices of an organisation's accounts. Apple is asked only for who wants to see it.
import { useState } from "preact/hooks";
import { api } from "../../api/api.ts";
import { ProblemError } from "../../api/fault.ts";
import { may } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

export function Discovery({ name }: { name: string }) {
  const { discovery: said } = words("apple");
  const [shown, setShown] = useState(false);
  return (
    <details class="disclosure" onToggle={(event) => setShown(event.currentTarget.open || shown)}>
      <summary>{said.title}</summary>
      <div class="group">
        <p class="hint">{said.hint}</p>
        {shown && <Told name={name} />}
      </div>
    </details>
  );
}

/** That Apple has none is what it calls a refusal. */
const isNotSet = (error: unknown): boolean =>
  error instanceof ProblemError &&
  (error.problem as { apple?: { reason?: string } }).apple?.reason === "discovery-not-set";

function Told({ name }: { name: string }) {
  const path = { name };
  const told = useResource(
    (signal) =>
      api.get("/ade/accounts/{name}/discovery", { path, signal }).catch((error: unknown) => {
        if (isNotSet(error)) return { url: "" };
        throw error;
      }),
    [name],
  );
  return (
    <Load of={told} rows={1}>
      {({ url }) => <Address key={url} name={name} url={url} onDone={told.reload} />}
    </Load>
  );
}

function Address({ name, url, onDone }: { name: string; url: string; onDone: () => void }) {
  const { discovery: said, delete: remove } = words("apple");
  const path = { name };
  const own = `${location.origin}/.well-known/com.apple.remotemanagement`;
  const form = useForm({ url: url || own }, ({ url: address }) =>
    api.put("/ade/accounts/{name}/discovery", { path, body: { url: address.trim() } }),
  );
  const drop = useAction(async () => {
    if (!(await confirm({ title: said.removeTitle, text: said.removeText, yes: remove, danger: true })))
      return;
    await api.delete("/ade/accounts/{name}/discovery", { path });
    say(said.removed);
    onDone();
  });
  return (
    <>
      <p>{url === "" ? said.none : <code class="breakable">{url}</code>}</p>
      {may("PUT /ade/accounts/{name}/discovery") && (
        <Form
          state={form}
          submit={said.set}
          onDone={() => {
            say(said.done);
            onDone();
          }}
        >
          <TextField
            label={said.address}
            hint={said.addressHint(own)}
            error={form.errors["/url"]}
            mono
            required
            value={form.values.url}
            onInput={(address) => form.set({ url: address })}
          />
        </Form>
      )}
      {url !== "" && (
        <div class="actions">
          <Button
            small
            kind="quiet"
            icon="trash"
            may="DELETE /ade/accounts/{name}/discovery"
            busy={drop.busy}
            onClick={() => drop.run()}
          >
            {said.remove}
          </Button>
        </div>
      )}
      <FaultNote fault={drop.fault} />
    </>
  );
}
