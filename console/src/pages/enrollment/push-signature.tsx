// The second step to a push certificate: a vendor signs the request, in one of three ways.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { ProblemError } from "../../api/fault.ts";
import { giveFile, readBytes } from "../../api/files.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button, OutLink } from "../../parts/button.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { FileField, Form, TextField, useForm } from "../../parts/form.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type Request = Schemas["PushRequest"];

const ways = ["mdmcert", "vendor", "other"] as const;
type Way = (typeof ways)[number];

export function PushSignature({ request, onSent }: { request: Request; onSent: () => void }) {
  const said = words("enrollment").push.steps.sign;
  const [way, setWay] = useState<Way>("mdmcert");
  return (
    <>
      <fieldset class="choice">
        <legend class="for-readers">{said.title}</legend>
        {ways.map((name) => (
          <label key={name}>
            <input type="radio" name="way" checked={way === name} onChange={() => setWay(name)} />
            {said.ways[name]}
          </label>
        ))}
      </fieldset>
      {way === "mdmcert" && <ByMdmcert request={request} onSent={onSent} />}
      {way === "vendor" && <ByVendor request={request} />}
      {way === "other" && <ByOther request={request} />}
    </>
  );
}

/** What Apple's page is given, saved as a file. */
async function saveUpload(answer: Response): Promise<void> {
  giveFile("upload.b64", await answer.text(), "text/plain");
  say(words("enrollment").push.steps.sign.upload);
}

function ByMdmcert({ request, onSent }: { request: Request; onSent: () => void }) {
  const said = words("enrollment").push.steps.sign;
  const [file, setFile] = useState<File>();
  const form = useForm({ email: "", api_key: "" }, (body) =>
    api.post("/push-certificate-requests/{id}/mdmcert", { path: { id: request.id }, body }),
  );
  const open = useAction(async (mailed: File) => {
    const body = { type: "application/octet-stream", bytes: await readBytes(mailed) };
    const path = "/push-certificate-requests/{id}/mdmcert/mail";
    await saveUpload(await api.raw("POST", path, { path: { id: request.id }, body }));
  });
  return (
    <>
      <p>
        {said.mdmcertText} <OutLink href="https://mdmcert.download/registration">{said.register}</OutLink>
      </p>
      {request.sent_to_mdmcert ? (
        <p>{said.sent}</p>
      ) : (
        <Form state={form} submit={said.send} onDone={onSent}>
          <TextField
            label={said.email}
            type="email"
            required
            error={form.errors["/email"]}
            value={form.values.email}
            onInput={(email) => form.set({ email })}
          />
          <TextField
            label={said.key}
            hint={said.keyHint}
            type="password"
            required
            error={form.errors["/api_key"]}
            value={form.values.api_key}
            onInput={(api_key) => form.set({ api_key })}
          />
        </Form>
      )}
      <FileField label={said.mailed} accept=".p7,.b64,.txt" onFile={setFile} />
      <FaultNote fault={open.fault} />
      <div class="actions">
        <Button busy={open.busy} disabled={!file} onClick={() => file && open.run(file)}>
          {said.open}
        </Button>
      </div>
    </>
  );
}

function ByVendor({ request }: { request: Request }) {
  const said = words("enrollment").push.steps.sign;
  const vendor = useResource(async (signal) => {
    try {
      return { vendor: await api.get("/push-vendor", { signal }) };
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) return { vendor: undefined };
      throw error;
    }
  }, []);
  const sign = useAction(async () => {
    const path = "/push-certificate-requests/{id}/sign";
    await saveUpload(await api.raw("POST", path, { path: { id: request.id } }));
  });
  return (
    <Load of={vendor} rows={1}>
      {({ vendor: known }) =>
        known === undefined ? (
          <p class="hint">{said.vendorNone}</p>
        ) : (
          <>
            <p class="hint">
              {said.vendorText} <code>{known.subject}</code>
            </p>
            <FaultNote fault={sign.fault} />
            <div class="actions">
              <Button busy={sign.busy} onClick={() => sign.run()}>
                {said.sign}
              </Button>
            </div>
          </>
        )
      }
    </Load>
  );
}

function ByOther({ request }: { request: Request }) {
  const said = words("enrollment").push.steps.sign;
  return (
    <>
      <p class="hint">{said.otherText}</p>
      <div class="actions">
        <Button icon="download" onClick={() => giveFile("push.csr", request.csr, "application/x-pem-file")}>
          {said.csr}
        </Button>
      </div>
    </>
  );
}
