// The accounts at Apple Business: how they are, and the way to connect one or to renew its token.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { giveFile, readBytes } from "../../api/files.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { CheckField, FileField, Form, useForm } from "../../parts/form.tsx";
import { Icon } from "../../parts/icon.tsx";
import { NameField } from "../../parts/name-field.tsx";
import { Card } from "../../parts/page.tsx";
import { Badge, Empty } from "../../parts/small.tsx";
import { TroubleNote } from "../../parts/trouble.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { AccountActions, AccountFacts } from "./account.tsx";
import { ApiAccounts } from "./api-accounts.tsx";

type Account = Schemas["AdeAccount"];

export function AdeAccounts() {
  const said = words("enrollment").ade;
  const [adding, setAdding] = useState(false);
  const accounts = useResource((signal) => api.get("/ade/accounts", { signal }), []);
  const isFirst = accounts.value?.items.length === 0;
  const connect = (
    <Button
      kind={isFirst ? "primary" : "plain"}
      icon="enroll"
      may="POST /ade/accounts"
      onClick={() => setAdding(true)}
    >
      {said.connect}
    </Button>
  );
  return (
    <>
      <p class="hint lead">{said.hint}</p>
      {adding && (
        <NewAccount
          onCancel={() => setAdding(false)}
          onMade={() => {
            setAdding(false);
            accounts.reload();
          }}
        />
      )}
      <Load of={accounts}>
        {({ items }) =>
          items.length === 0 ? (
            !adding && (
              <Empty title={said.none} icon="cart" action={connect}>
                {said.noneHint}
              </Empty>
            )
          ) : (
            <>
              {items.map((account) => (
                <AccountCard key={account.name} account={account} onChanged={accounts.reload} />
              ))}
              {!adding && <div class="actions end">{connect}</div>}
            </>
          )
        }
      </Load>
      <ApiAccounts />
    </>
  );
}

function NewAccount({ onMade, onCancel }: { onMade: () => void; onCancel: () => void }) {
  const said = words("enrollment").ade;
  const form = useForm({ name: "" }, ({ name }) =>
    api.post("/ade/accounts", { body: { name: name.trim() } }),
  );
  return (
    <Card>
      <Form state={form} submit={said.make} onDone={onMade} onCancel={onCancel}>
        <NameField form={form} said={said} />
      </Form>
    </Card>
  );
}

function AccountCard({ account, onChanged }: { account: Account; onChanged: () => void }) {
  const said = words("enrollment").ade;
  const waits = account.state === "awaits-token";
  const [renewing, setRenewing] = useState(false);
  const days = account.token?.days_left ?? undefined;
  const tone =
    account.state === "ok" ? (days !== undefined && days <= 60 ? "warn" : "good") : waits ? "info" : "bad";
  return (
    <Card tone={tone}>
      <div class="certificate-line">
        <h2>
          {account.organization?.name ?? account.name}{" "}
          <Badge tone={tone}>
            {account.state === "ok" ? said.works : waits ? said.awaits : <code>{account.state}</code>}
          </Badge>
        </h2>
        {!renewing && (
          <AccountActions account={account} onRenew={() => setRenewing(true)} onChanged={onChanged} />
        )}
      </div>
      <TroubleNote trouble={account.trouble} />
      {waits || renewing ? (
        <Token
          account={account}
          onCancel={renewing ? () => setRenewing(false) : undefined}
          onDone={() => {
            setRenewing(false);
            say(said.steps.tokenDone);
            onChanged();
          }}
        />
      ) : (
        <AccountFacts account={account} onChanged={onChanged} />
      )}
    </Card>
  );
}

/** The certificate to Apple, and the token from there. */
function Token({
  account: { name, token: present },
  onDone,
  onCancel,
}: {
  account: Account;
  onDone: () => void;
  onCancel: (() => void) | undefined;
}) {
  const said = words("enrollment").ade.steps;
  const { account: more } = words("apple");
  const [file, setFile] = useState<File>();
  const [replace, setReplace] = useState(false);
  const certificate = useAction(async () => {
    const made = await api.post("/ade/accounts/{name}/certificate", { path: { name } });
    giveFile(`${name}.pem`, made.certificate, "application/x-pem-file");
  });
  const upload = useAction(async (token: File) => {
    const body = { type: "application/octet-stream", bytes: await readBytes(token) };
    await api.put("/ade/accounts/{name}/token", { path: { name }, body, query: { replace } });
    onDone();
  });
  return (
    <ol class="wizard">
      <li>
        <p>{said.certificate}</p>
        <FaultNote fault={certificate.fault} />
        <div class="actions">
          <Button
            icon="download"
            busy={certificate.busy}
            may="POST /ade/accounts/{name}/certificate"
            onClick={() => certificate.run()}
          >
            {said.certificateAction}
          </Button>
        </div>
      </li>
      <li>
        <p>{said.apple}</p>
        <p>
          <a href="https://business.apple.com/" target="_blank" rel="noreferrer noopener">
            {said.appleAction} <Icon name="external" size={14} />
          </a>
        </p>
      </li>
      <li>
        <p>{said.token}</p>
        <FileField label={said.tokenFile} accept=".p7m" onFile={setFile} />
        {present !== null && (
          <CheckField label={more.replace} hint={more.replaceHint} checked={replace} onChange={setReplace} />
        )}
        <FaultNote fault={upload.fault} />
        <div class="actions">
          <Button
            kind="primary"
            busy={upload.busy}
            disabled={!file}
            may="PUT /ade/accounts/{name}/token"
            onClick={() => file && upload.run(file)}
          >
            {said.tokenAction}
          </Button>
          {onCancel && <Button onClick={onCancel}>{words("common").say.cancel}</Button>}
        </div>
      </li>
    </ol>
  );
}
