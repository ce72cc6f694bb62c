// What is known of one account, and what can be done with it.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Form, SelectField, useTaggedForm } from "../../parts/form.tsx";
import { Facts } from "../../parts/page.tsx";
import { Disclosure, Time } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { dateOf } from "../../words/forms.ts";
import { words } from "../../words/words.ts";

type Account = Schemas["AdeAccount"];
type Rules = Schemas["AdeRules"];

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
      <FirstStartOf name={account.name} onChanged={onChanged} />
    </>
  );
}

/** Which first start new devices get: the rules as they are, and for all others the one that is chosen here. */
function FirstStartOf({ name, onChanged }: { name: string; onChanged: () => void }) {
  const rules = useResource(
    async (signal) => {
      const [known, profiles] = await Promise.all([
        readTagged("/ade/accounts/{name}/rules", { path: { name }, signal }),
        api.get("/ade/profiles", { query: { limit: 200 }, signal }),
      ]);
      return { known, names: profiles.items.map((profile) => profile.name) };
    },
    [name],
  );
  return (
    <Load of={rules} rows={2}>
      {({ known, names }) => (
        <ChooseFirstStart name={name} known={known} names={names} onChanged={onChanged} />
      )}
    </Load>
  );
}

function ChooseFirstStart({
  name,
  known,
  names,
  onChanged,
}: {
  name: string;
  known: Tagged<Rules>;
  names: readonly string[];
  onChanged: () => void;
}) {
  const { account: said } = words("apple");
  const path = { name };
  const { form, ...others } = useTaggedForm({
    known,
    valuesOf: ({ default_profile }: Rules) => ({ profile: default_profile ?? "" }),
    read: () => readTagged("/ade/accounts/{name}/rules", { path }),
    onSaved: onChanged,
    save: async ({ profile }: { profile: string }, _before, guard) => {
      const { rules } = await api.get("/ade/accounts/{name}/rules", { path });
      const body = { rules, default_profile: profile || null };
      await api.put("/ade/accounts/{name}/rules", { path, body, ...guard });
    },
  });
  const { rules, default_profile: now } = known.value;
  return (
    <>
      {rules.length > 0 && (
        <Disclosure title={`${said.rules} (${rules.length})`}>
          <p class="hint">{said.rulesHint}</p>
          <ol>
            {rules.map(({ profile, ...conditions }, at) => (
              <li key={at}>
                <strong>{profile}</strong>{" "}
                <span class="breakable">{Object.values(conditions).flat().join(", ")}</span>
              </li>
            ))}
          </ol>
        </Disclosure>
      )}
      {may("PUT /ade/accounts/{name}/rules") ? (
        <Form state={form} submit={said.save} onDone={() => say(said.saved)} {...others}>
          <SelectField
            label={said.default}
            error={form.errors["/default_profile"]}
            value={form.values.profile}
            options={[["", said.none] as const, ...names.map((one) => [one, one] as const)]}
            onChange={(profile) => form.set({ profile })}
          />
        </Form>
      ) : (
        <Facts items={[[said.default, now ?? said.none]]} />
      )}
    </>
  );
}
