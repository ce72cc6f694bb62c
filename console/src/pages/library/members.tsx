// What a set gives to those who have it, and taking it out or putting it in.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, unlessChanged } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button, Link } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { SelectField } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { Badge, Empty } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type SetOfLibrary = Schemas["Set"];
type Kind = "profiles" | "declarations" | "apps";
type Member = { kind: Kind; name: string; optional: boolean };

const kinds = ["profiles", "declarations", "apps"] as const;

const membersOf = (set: SetOfLibrary): Member[] =>
  kinds.flatMap((kind) => [
    ...set[kind].map((name) => ({ kind, name, optional: false })),
    ...set.optional[kind].map((name) => ({ kind, name, optional: true })),
  ]);

/** The set with other members of that kind; everything else as it was read. */
async function change(name: string, kind: Kind, edit: (names: readonly string[]) => string[]): Promise<void> {
  const { value, tag } = await readTagged("/sets/{name}", { path: { name } });
  const { description, profiles, declarations, apps, optional, filter, activate, predicate, device_name } =
    value;
  const lists = { profiles, declarations, apps };
  const body: Schemas["NewSet"] = {
    ...{ description, filter, activate, predicate, device_name, optional },
    ...lists,
    [kind]: edit(lists[kind]),
  };
  await api.put("/sets/{name}", { path: { name }, body, ...unlessChanged(tag) });
}

export function Members({ set, onChange }: { set: SetOfLibrary; onChange: () => void }) {
  const said = words("library");
  const remove = useAction(async ({ kind, name }: Member) => {
    const yes = await confirm({
      title: said.takeOutTitle(name),
      text: said.takeOutText,
      yes: said.takeOut,
      danger: true,
    });
    if (!yes) return;
    await change(set.name, kind, (names) => names.filter((one) => one !== name));
    say(said.takenOut);
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
      <FaultNote fault={remove.fault} />
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
                  cell: (member: Member) =>
                    !member.optional && (
                      <Button small kind="quiet" busy={remove.busy} onClick={() => remove.run(member)}>
                        {said.takeOut}
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
        empty={<Empty title={said.noMembers} icon="set" />}
      />
      {may("PUT /sets/{name}") && <PutIn set={set} onChange={onChange} />}
    </Section>
  );
}

function PutIn({ set, onChange }: { set: SetOfLibrary; onChange: () => void }) {
  const said = words("library");
  const [kind, setKind] = useState<Kind>("profiles");
  const [name, setName] = useState("");
  const known = useResource((signal) => namesOf(kind, signal), [kind]);
  const has = new Set(set[kind]);
  const free = (known.value ?? []).filter((one) => !has.has(one));
  const add = useAction(async () => {
    await change(set.name, kind, (names) => [...names, name]);
    say(said.putInDone);
    setName("");
    onChange();
  });
  return (
    <form
      class="card put-in"
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
