// API accounts of Apple's portal: they tell what was bought, AppleCare and warranty, and move devices.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { CheckField } from "../../parts/form.tsx";
import { Card, Facts, Section } from "../../parts/page.tsx";
import { Badge, Time } from "../../parts/small.tsx";
import { TroubleNote } from "../../parts/trouble.tsx";
import { say } from "../../shell/toasts.tsx";
import { dateOf } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { NewApiAccount, NewKey } from "./api-key.tsx";

type ApiAccount = Schemas["ApiAccount"];

export function ApiAccounts() {
  const { api: said } = words("apple");
  const [adding, setAdding] = useState(false);
  const accounts = useResource((signal) => api.get("/ade/api-accounts", { signal }), []);
  const done = () => {
    setAdding(false);
    accounts.reload();
  };
  return (
    <Section
      title={said.title}
      hint={said.hint}
      actions={
        !adding && (
          <Button small icon="enroll" may="POST /ade/api-accounts" onClick={() => setAdding(true)}>
            {said.add}
          </Button>
        )
      }
    >
      {adding && <NewApiAccount onDone={done} onCancel={() => setAdding(false)} />}
      <Load of={accounts} rows={2}>
        {({ items }) =>
          items.length === 0
            ? !adding && <p class="hint">{said.none}</p>
            : items.map((account) => (
                <ApiAccountCard key={account.name} account={account} onChanged={accounts.reload} />
              ))
        }
      </Load>
    </Section>
  );
}

function ApiAccountCard({ account, onChanged }: { account: ApiAccount; onChanged: () => void }) {
  const { api: said } = words("apple");
  const [renewing, setRenewing] = useState(false);
  const works = account.state === "ok";
  const tone = works ? "good" : "bad";
  return (
    <Card tone={tone}>
      <div class="certificate-line">
        <h3>
          {account.name} <Badge tone={tone}>{works ? said.works : <code>{account.state}</code>}</Badge>
        </h3>
        {!renewing && <Actions account={account} onRenew={() => setRenewing(true)} onChanged={onChanged} />}
      </div>
      <TroubleNote trouble={account.trouble} />
      {renewing ? (
        <NewKey
          account={account}
          onCancel={() => setRenewing(false)}
          onDone={() => {
            setRenewing(false);
            onChanged();
          }}
        />
      ) : (
        <>
          <Facts
            items={[
              [said.portal, said.portals[account.portal]],
              [
                said.clientId,
                <code key="client" class="breakable">
                  {account.client_id}
                </code>,
              ],
              [
                said.keyId,
                <>
                  <code class="breakable">{account.key_id}</code>{" "}
                  <span class="quiet">({dateOf(account.key_at)})</span>
                </>,
              ],
              [said.synced, <Time key="synced" at={account.synced_at} />],
            ]}
          />
          <Coverage account={account} onChanged={onChanged} />
        </>
      )}
    </Card>
  );
}

function Actions({
  account: { name },
  onRenew,
  onChanged,
}: {
  account: ApiAccount;
  onRenew: () => void;
  onChanged: () => void;
}) {
  const { api: said, delete: toDelete, reading, sync: ask } = words("apple");
  const path = { name };
  const sync = useAction(async () => {
    await api.post("/ade/api-accounts/{name}/sync", { path });
    say(reading);
    onChanged();
  });
  const remove = useAction(async () => {
    const title = said.deleteTitle(name);
    if (!(await confirm({ title, text: said.deleteText, yes: toDelete, danger: true, type: name }))) return;
    await api.delete("/ade/api-accounts/{name}", { path, query: { confirm: name } });
    say(said.deleted);
    onChanged();
  });
  return (
    <div class="actions">
      <Button small may="POST /ade/api-accounts/{name}/sync" busy={sync.busy} onClick={() => sync.run()}>
        {ask}
      </Button>
      <Button small icon="update" may="PUT /ade/api-accounts/{name}/key" onClick={onRenew}>
        {said.renew}
      </Button>
      <Button
        small
        kind="quiet"
        icon="trash"
        may="DELETE /ade/api-accounts/{name}"
        label={`${toDelete}: ${name}`}
        busy={remove.busy}
        onClick={() => remove.run()}
      />
      <FaultNote fault={sync.fault ?? remove.fault} />
    </div>
  );
}

function Coverage({
  account: { name, reads_coverage: reads },
  onChanged,
}: {
  account: ApiAccount;
  onChanged: () => void;
}) {
  const { api: said } = words("apple");
  const turn = useAction(async (wanted: boolean) => {
    await api.patch("/ade/api-accounts/{name}", { path: { name }, body: { reads_coverage: wanted } });
    say(words("common").say.saved);
    onChanged();
  });
  return (
    <>
      <CheckField
        label={said.coverage}
        hint={said.coverageHint}
        checked={reads}
        disabled={!may("PATCH /ade/api-accounts/{name}") || turn.busy}
        onChange={(wanted) => turn.run(wanted)}
      />
      <FaultNote fault={turn.fault} />
    </>
  );
}
