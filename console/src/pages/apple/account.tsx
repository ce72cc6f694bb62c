// What is known of one account, and what can be done with it.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction } from "../../api/resource.ts";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { Facts } from "../../parts/page.tsx";
import { Time } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { dateOf } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { Discovery } from "./discovery.tsx";
import { AccountRules } from "./rules.tsx";

type Account = Schemas["AdeAccount"];

export function AccountActions({
  account: { name, state },
  onRenew,
  onChanged,
}: {
  account: Account;
  onRenew: () => void;
  onChanged: () => void;
}) {
  const said = words("apple");
  const path = { name };
  const waits = state === "awaits-token";
  const sync = useAction(async () => {
    const { outcome } = await api.post("/ade/accounts/{name}/sync", { path });
    say(said.synced[outcome]);
    onChanged();
  });
  const remove = useAction(async () => {
    const yes = await confirm({
      title: said.account.deleteTitle(name),
      text: said.account.deleteText,
      yes: said.delete,
      danger: true,
      type: name,
    });
    if (!yes) return;
    await api.delete("/ade/accounts/{name}", { path, query: { confirm: name } });
    say(said.account.deleted);
    onChanged();
  });
  return (
    <div class="actions">
      {!waits && (
        <>
          <Button small may="POST /ade/accounts/{name}/sync" busy={sync.busy} onClick={() => sync.run()}>
            {said.sync}
          </Button>
          <ButtonLink small to={`/apple/devices?account=${encodeURIComponent(name)}`}>
            {said.devicesOf}
          </ButtonLink>
          <Button small icon="update" may="PUT /ade/accounts/{name}/token" onClick={onRenew}>
            {words("enrollment").ade.renew}
          </Button>
        </>
      )}
      <Button
        small
        kind="quiet"
        icon="trash"
        may="DELETE /ade/accounts/{name}"
        label={`${said.delete}: ${name}`}
        busy={remove.busy}
        onClick={() => remove.run()}
      />
      <FaultNote fault={sync.fault ?? remove.fault} />
    </div>
  );
}

export function AccountFacts({ account, onChanged }: { account: Account; onChanged: () => void }) {
  const said = words("enrollment").ade;
  const { account: more } = words("apple");
  return (
    <>
      <Facts
        items={[
          [said.tokenEnds, account.token?.expires_at ? dateOf(account.token.expires_at) : undefined],
          account.admin_id !== null && [
            more.askedBy,
            <>
              {account.admin_id}
              <p class="hint">{more.askedByHint}</p>
            </>,
          ],
          [said.synced, <Time key="synced" at={account.synced_at} />],
        ]}
      />
      <AccountRules name={account.name} onChanged={onChanged} />
      <Discovery name={account.name} />
    </>
  );
}
