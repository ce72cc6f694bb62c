// From no certificate to one that is used, in the four steps that Apple's way has. Each step can be left: the server keeps
// the request, and the way is taken up again where it was left.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { ProblemError } from "../../api/fault.ts";
import { readBytes } from "../../api/files.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { FileField, Form, TextField, useForm } from "../../parts/form.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Time } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";
import { PushSignature } from "./push-signature.tsx";

type Certificate = Schemas["PushCertificate"];
type Request = Schemas["PushRequest"];

export function PushWizard({
  renews,
  onClose,
  onDone,
}: {
  renews: Certificate | undefined;
  onClose: () => void;
  onDone: () => void;
}) {
  const { push } = words("enrollment");
  const { say } = words("common");
  const said = push.steps;
  const [fresh, setFresh] = useState(false);
  const requests = useResource((signal) => api.get("/push-certificate-requests", { signal }), []);
  return (
    <section class="card">
      <div class="section-head">
        <h2>{renews ? push.renewTitle : push.title}</h2>
        <Button kind="quiet" icon="close" label={say.close} onClick={onClose} />
      </div>
      <Load of={requests}>
        {({ items }) => {
          const open = fresh
            ? undefined
            : items.find(({ account }) => renews?.account == null || account === renews.account);
          return (
            <ol class="wizard">
              <li data-done={open ? true : undefined}>
                <h3>{said.request.title}</h3>
                {open ? (
                  <div class="certificate-line">
                    <span>
                      {said.request.made(open.account)} · <Time at={open.created_at} />
                    </span>
                    <Button small kind="quiet" onClick={() => setFresh(true)}>
                      {said.request.fresh}
                    </Button>
                  </div>
                ) : (
                  <NewRequest
                    renews={renews}
                    onMade={() => {
                      setFresh(false);
                      requests.reload();
                    }}
                  />
                )}
              </li>
              <li>
                <h3>{said.sign.title}</h3>
                <p class="hint">{said.sign.text}</p>
                {open && <PushSignature request={open} onSent={requests.reload} />}
              </li>
              <li>
                <h3>{said.apple.title}</h3>
                <p class="hint">{renews ? said.apple.renewText : said.apple.text}</p>
                {renews && <code>{renews.topic}</code>}
                <p>
                  <a href="https://identity.apple.com/pushcert" target="_blank" rel="noreferrer noopener">
                    {said.apple.open} <Icon name="external" size={14} />
                  </a>
                </p>
                <p class="hint">{said.apple.after}</p>
              </li>
              <li>
                <h3>{said.upload.title}</h3>
                <p class="hint">{said.upload.text}</p>
                {open && <UploadCertificate request={open} onDone={onDone} />}
              </li>
            </ol>
          );
        }}
      </Load>
    </section>
  );
}

function NewRequest({ renews, onMade }: { renews: Certificate | undefined; onMade: () => void }) {
  const said = words("enrollment").push.steps.request;
  const form = useForm({ account: renews?.account ?? "" }, ({ account }) =>
    api.post("/push-certificate-requests", { body: { account: account.trim() } }),
  );
  return (
    <Form state={form} submit={said.make} onDone={onMade}>
      <TextField
        label={said.account}
        hint={renews ? said.renewText : said.text}
        type="email"
        required
        error={form.errors["/account"]}
        value={form.values.account}
        onInput={(account) => form.set({ account })}
      />
    </Form>
  );
}

function UploadCertificate({ request, onDone }: { request: Request; onDone: () => void }) {
  const said = words("enrollment").push.steps.upload;
  const [file, setFile] = useState<File>();
  const upload = useAction(async (chosen: File) => {
    const body = { type: "application/x-pem-file", bytes: await readBytes(chosen) } as const;
    const query = { account: request.account };
    try {
      await api.post("/push-certificates", { body, query });
    } catch (error) {
      const lost = orphansOf(error);
      if (lost === undefined) throw error;
      const yes = await confirm({
        title: said.orphans(lost),
        text: said.orphansText(lost),
        yes: said.orphansYes,
        danger: true,
        type: String(lost),
      });
      if (!yes) throw error;
      await api.post("/push-certificates", { body, query: { ...query, accept_orphaned: lost } });
    }
    onDone();
  });
  return (
    <>
      <FileField label={said.file} accept=".pem,.cer,.crt" onFile={setFile} />
      <FaultNote fault={upload.fault} />
      <div class="actions">
        <Button kind="primary" busy={upload.busy} disabled={!file} onClick={() => file && upload.run(file)}>
          {said.upload}
        </Button>
      </div>
    </>
  );
}

/** How many devices the server says would be lost; the number must be said back to it. */
function orphansOf(error: unknown): number | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const found = /[?]accept_orphaned=(\d+)/.exec(error.problem.detail)?.[1];
  return found === undefined ? undefined : Number(found);
}
