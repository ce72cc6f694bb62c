// What a device is told at its first start: Apple's enrollment profiles.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useList, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm, Dialog } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Empty, Time } from "../../parts/small.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { query, setQuery } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { EditFirstStart, NewFirstStart, type Saved } from "./profile-form.tsx";

type Profile = Schemas["AdeProfile"];

export function FirstStarts() {
  const said = words("apple").profile;
  const [saved, setSaved] = useState<Saved>();
  const list = useList(
    ({ signal, cursor }) => api.get("/ade/profiles", { query: { cursor }, ...(signal && { signal }) }),
    [],
  );
  const edited = query.value.get("edit") ?? undefined;
  const close = () => setQuery({ new: undefined, edit: undefined });
  const done = (answer: Saved) => {
    say(said.saved);
    setSaved(answer);
    close();
    list.reload();
  };
  const add = (
    <Button
      kind="primary"
      icon="enroll"
      may="PUT /ade/profiles/{name}"
      onClick={() => setQuery({ new: "yes" })}
    >
      {said.new}
    </Button>
  );
  const actions: Column<Profile> = {
    key: "actions",
    title: "",
    cell: ({ name }) => (
      <span class="actions">
        <Button small icon="edit" label={`${said.edit}: ${name}`} onClick={() => setQuery({ edit: name })}>
          {said.edit}
        </Button>
        <Remove name={name} onDone={list.reload} />
      </span>
    ),
  };
  return (
    <>
      <p class="hint lead">{said.hint}</p>
      <ForLife />
      {saved && <Remarks saved={saved} />}
      <Table
        label={words("apple").tabs.profiles}
        list={list}
        idOf={({ name }) => name}
        columns={[
          { key: "name", title: said.name, cell: ({ name }) => <strong>{name}</strong> },
          { key: "title", title: said.title, cell: ({ profile }) => String(profile.profile_name ?? "") },
          { key: "version", title: said.version, number: true, cell: ({ version }) => version },
          { key: "changed", title: said.changed, cell: ({ updated_at }) => <Time at={updated_at} /> },
          ...(may("PUT /ade/profiles/{name}") ? [actions] : []),
        ]}
        empty={
          <Empty title={said.none} icon="play" action={add}>
            {said.noneHint}
          </Empty>
        }
      />
      {list.items.length > 0 && <div class="actions center">{add}</div>}
      {query.value.get("new") === "yes" && may("PUT /ade/profiles/{name}") && (
        <Dialog title={said.new} onClose={close} wide>
          <ForLife />
          <NewFirstStart onSaved={done} onCancel={close} />
        </Dialog>
      )}
      {edited !== undefined && may("PUT /ade/profiles/{name}") && (
        <Edit key={edited} name={edited} onSaved={done} onClose={close} />
      )}
    </>
  );
}

/** What can never be changed later, said before anything is chosen. */
function ForLife() {
  const said = words("apple").profile;
  return (
    <div class="note tone-warn">
      <Icon name="lock" />
      <div>
        <p class="note-title">{said.forLifeTitle}</p>
        <p>{said.forLife}</p>
      </div>
    </div>
  );
}

function Edit({
  name,
  onSaved,
  onClose,
}: {
  name: string;
  onSaved: (saved: Saved) => void;
  onClose: () => void;
}) {
  const known = useResource(
    (signal) => readTagged("/ade/profiles/{name}", { path: { name }, signal }),
    [name],
  );
  return (
    <Dialog title={name} onClose={onClose} wide>
      <Load of={known}>
        {(found) => <EditFirstStart known={found} onSaved={onSaved} onCancel={onClose} />}
      </Load>
    </Dialog>
  );
}

function Remove({ name, onDone }: { name: string; onDone: () => void }) {
  const said = words("apple").profile;
  const { say: common } = words("common");
  const remove = useAction(async () => {
    const question = {
      title: said.deleteTitle(name),
      text: said.deleteText,
      yes: common.delete,
      danger: true,
    };
    if (!(await confirm(question))) return;
    await api.delete("/ade/profiles/{name}", { path: { name } });
    say(said.deleted);
    onDone();
  });
  return (
    <>
      <Button
        small
        kind="quiet"
        icon="trash"
        label={`${common.delete}: ${name}`}
        busy={remove.busy}
        onClick={() => remove.run()}
      />
      <FaultNote fault={remove.fault} />
    </>
  );
}

/** What the server remarked on what was saved, and which accounts are told later. */
function Remarks({ saved: { warnings, accounts } }: { saved: Saved }) {
  const said = words("apple").profile;
  const later = accounts.filter(({ trouble }) => trouble !== null);
  if (warnings.length === 0 && later.length === 0) return null;
  return (
    <div class="note tone-warn" role="status">
      <Icon name="warning" />
      <div>
        {warnings.length > 0 && <p class="note-title">{said.warnings}</p>}
        <ul>
          {warnings.map(({ pointer, detail }) => (
            <li key={pointer + detail}>
              <code>{pointer}</code> {detail}
            </li>
          ))}
        </ul>
        {later.length > 0 && <p class="note-title">{said.later}</p>}
        <ul>
          {later.map(({ account, trouble }) => (
            <li key={account}>
              {account}: {trouble?.detail} {trouble?.remedy}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
