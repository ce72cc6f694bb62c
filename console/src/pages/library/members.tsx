// What a set gives to those who have it, and taking it out or putting it in.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button, Link } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { CheckField, SelectField } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { Badge, Empty } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { PlanField } from "./in-rings.tsx";
import { changeMembers, type Kind, kinds } from "./set-body.ts";

type SetOfLibrary = Schemas["Set"];
type Member = { kind: Kind; name: string; optional: boolean };

const membersOf = (set: SetOfLibrary): Member[] =>
  kinds.flatMap((kind) => [
    ...set[kind].map((name) => ({ kind, name, optional: false })),
    ...set.optional[kind].map((name) => ({ kind, name, optional: true })),
  ]);

export function Members({ set, onChange }: { set: SetOfLibrary; onChange: () => void }) {
  const said = words("library");
  const [plan, setPlan] = useState("");
  const remove = useAction(async ({ kind, name, optional }: Member) => {
    const yes = await confirm({
      title: said.takeOutTitle(name),
      text: optional ? said.takeOutOfferText : said.takeOutText,
      yes: said.takeOut,
      danger: true,
    });
    if (!yes) return;
    await changeMembers(set.name, plan, (required, offered) => {
      const lists = optional ? offered : required;
      lists[kind] = lists[kind].filter((one) => one !== name);
    });
    say(said.takenOut);
    onChange();
  });
  const turn = useAction(async ({ kind, name, optional }: Member) => {
    await changeMembers(set.name, plan, (required, offered) => {
      const [from, to] = optional ? [offered, required] : [required, offered];
      from[kind] = from[kind].filter((one) => one !== name);
      to[kind] = [...to[kind], name];
    });
    say(words("common").say.saved);
    onChange();
  });
  const list = {
    items: membersOf(set),
    fault: undefined,
    loading: false,
    more: undefined,
    reload: onChange,
  };
  return (
    <Section title={said.gives}>
      <FaultNote fault={remove.fault ?? turn.fault} />
      <Table
        label={said.gives}
        list={list}
        idOf={({ kind, name }) => `${kind} ${name}`}
        columns={[
          {
            key: "name",
            title: said.name,
            cell: ({ kind, name }) => <Link to={`/${kind}/${encodeURIComponent(name)}`}>{name}</Link>,
          },
          { key: "kind", title: said.kind, cell: ({ kind }) => said.kinds[kind] },
          {
            key: "how",
            title: said.how,
            cell: ({ optional }) =>
              optional ? <Badge>{said.offered}</Badge> : <Badge tone="info">{said.required}</Badge>,
          },
          ...(may("PUT /sets/{name}")
            ? [
                {
                  key: "take-out",
                  title: "",
                  cell: (member: Member) => (
                    <div class="actions end">
                      <Button small kind="quiet" busy={turn.busy} onClick={() => turn.run(member)}>
                        {member.optional ? said.require : said.offer}
                      </Button>
                      <Button small kind="quiet" busy={remove.busy} onClick={() => remove.run(member)}>
                        {said.takeOut}
                      </Button>
                    </div>
                  ),
                },
              ]
            : []),
        ]}
        empty={<Empty title={said.noMembers} icon="set" />}
      />
      {may("PUT /sets/{name}") && (
        <div class="card">
          <PlanField value={plan} onChange={setPlan} />
          <PutIn set={set} plan={plan} onChange={onChange} />
        </div>
      )}
    </Section>
  );
}

function PutIn({ set, plan, onChange }: { set: SetOfLibrary; plan: string; onChange: () => void }) {
  const said = words("library");
  const [kind, setKind] = useState<Kind>("profiles");
  const [name, setName] = useState("");
  const [offered, setOffered] = useState(false);
  const known = useResource((signal) => namesOf(kind, signal), [kind]);
  const has = new Set([...set[kind], ...set.optional[kind]]);
  const free = (known.value ?? []).filter((one) => !has.has(one));
  const add = useAction(async () => {
    await changeMembers(set.name, plan, (required, optional) => {
      (offered ? optional : required)[kind].push(name);
    });
    say(said.putInDone);
    setName("");
    onChange();
  });
  return (
    <form
      class="put-in"
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== "") void add.run();
      }}
    >
      <FaultNote fault={add.fault ?? known.fault} />
      <SelectField
        label={said.kind}
        value={kind}
        options={kinds.map((one) => [one, said.kinds[one]] as const)}
        onChange={(next) => {
          setKind(next);
          setName("");
        }}
      />
      <SelectField
        label={said.name}
        value={name}
        options={[["", said.choose] as const, ...free.map((one) => [one, one] as const)]}
        onChange={setName}
      />
      <CheckField label={said.onlyOffer} hint={said.onlyOfferHint} checked={offered} onChange={setOffered} />
      <div class="actions">
        <Button type="submit" icon="enroll" disabled={name === ""} busy={add.busy}>
          {said.putIn}
        </Button>
      </div>
    </form>
  );
}

/** The first of the library: as many as a page can have. */
async function namesOf(kind: Kind, signal: AbortSignal): Promise<string[]> {
  const query = { limit: 200 };
  if (kind === "apps") return (await api.get("/apps", { query, signal })).items.map(({ name }) => name);
  const path = kind === "profiles" ? "/profiles" : "/declarations";
  return (await api.get(path, { query, signal })).items.map(({ identifier }) => identifier);
}
