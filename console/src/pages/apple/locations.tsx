// Locations of Apps and Books: their tokens, who manages them, and how many licences they have.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { CheckField, FileField, Form, useForm } from "../../parts/form.tsx";
import { Icon } from "../../parts/icon.tsx";
import { NameField } from "../../parts/name-field.tsx";
import { Card, Facts } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { TroubleNote } from "../../parts/trouble.tsx";
import { say } from "../../shell/toasts.tsx";
import { dateOf, number } from "../../words/forms.ts";
import { words } from "../../words/words.ts";

type Location = Schemas["ContentLocation"];

const soonDays = 60;

export function Locations() {
  const said = words("apple").apps;
  const [adding, setAdding] = useState(false);
  const locations = useResource((signal) => api.get("/apps-and-books/locations", { signal }), []);
  const add = (
    <Button kind="primary" may="POST /apps-and-books/locations" onClick={() => setAdding(true)}>
      {said.add}
    </Button>
  );
  const done = () => {
    setAdding(false);
    locations.reload();
  };
  return (
    <>
      <p class="hint lead">{said.hint}</p>
      {adding && <NewLocation onMade={done} onCancel={() => setAdding(false)} />}
      <Load of={locations}>
        {({ items }) =>
          items.length === 0 ? (
            !adding && (
              <Empty title={said.none} icon="cart" action={add}>
                {said.noneHint}
              </Empty>
            )
          ) : (
            <>
              {items.map((location) => (
                <OneLocation key={location.name} location={location} onChanged={locations.reload} />
              ))}
              {!adding && <div class="actions center">{add}</div>}
            </>
          )
        }
      </Load>
    </>
  );
}

function NewLocation({ onMade, onCancel }: { onMade: () => void; onCancel: () => void }) {
  const said = words("apple").apps;
  const form = useForm({ name: "", token: "", takeOver: false }, async ({ name, token, takeOver }) => {
    const query = takeOver ? { take_over: true } : {};
    await api.post("/apps-and-books/locations", { query, body: { name: name.trim(), token: token.trim() } });
    say(said.connected);
  });
  return (
    <Card>
      <Form state={form} submit={said.connect} onDone={onMade} onCancel={onCancel}>
        <NameField form={form} said={said} />
        <FileField
          label={said.file}
          accept=".vpptoken"
          error={form.errors["/token"]}
          onFile={async (file) => form.set({ token: (await file?.text()) ?? "" })}
        />
        <CheckField
          label={said.takeOver}
          hint={said.takeOverHint}
          checked={form.values.takeOver}
          onChange={(takeOver) => form.set({ takeOver })}
        />
      </Form>
    </Card>
  );
}

function OneLocation({ location, onChanged }: { location: Location; onChanged: () => void }) {
  const said = words("apple");
  const { apps } = said;
  const { name, state, managed_by: rival, token } = location;
  const path = { name };
  const sync = useAction(async () => {
    await api.post("/apps-and-books/locations/{name}/sync", { path });
    say(said.reading);
    onChanged();
  });
  const renew = useAction(async (file: File) => {
    await api.put("/apps-and-books/locations/{name}/token", {
      path,
      body: { token: (await file.text()).trim() },
    });
    say(apps.renewed);
    onChanged();
  });
  const remove = useAction(async () => {
    const question = {
      title: apps.deleteTitle(name),
      text: apps.deleteText,
      yes: said.delete,
      danger: true,
      type: name,
    };
    if (!(await confirm(question))) return;
    await api.delete("/apps-and-books/locations/{name}", { path, query: { confirm: name } });
    say(apps.deleted);
    onChanged();
  });
  const tone = state === "ok" ? (token.days_left <= soonDays ? "warn" : "good") : "bad";
  return (
    <Card tone={tone}>
      <div class="certificate-line">
        <h2>
          {location.location_name ?? name}{" "}
          <Badge tone={tone}>
            {state === "ok" ? apps.works : rival !== null ? apps.elsewhere : <code>{state}</code>}
          </Badge>
        </h2>
        <div class="actions">
          <Button
            small
            may="POST /apps-and-books/locations/{name}/sync"
            busy={sync.busy}
            onClick={() => sync.run()}
          >
            {said.sync}
          </Button>
          <RenewButton busy={renew.busy} onFile={(file) => renew.run(file)} />
          <Button
            small
            kind="quiet"
            icon="trash"
            may="DELETE /apps-and-books/locations/{name}"
            label={`${said.delete}: ${name}`}
            busy={remove.busy}
            onClick={() => remove.run()}
          />
        </div>
      </div>
      <FaultNote fault={sync.fault ?? renew.fault ?? remove.fault} />
      {rival !== null && <TakeOver name={name} server={rival.name} onDone={onChanged} />}
      <TroubleNote trouble={location.trouble} />
      <Facts
        items={[
          [apps.organization, location.organization],
          [apps.managedBy, rival?.name ?? apps.thisServer],
          [apps.tokenEnds, dateOf(token.expires_at)],
          [apps.synced, <Time key="synced" at={location.synced_at} />],
        ]}
      />
      <Licences name={name} />
    </Card>
  );
}

/** The token is the content of a file; who chooses one has asked for the renewal. */
function RenewButton({ busy, onFile }: { busy: boolean; onFile: (file: File) => unknown }) {
  const said = words("apple").apps;
  const choose = () => {
    const field = document.createElement("input");
    field.type = "file";
    field.accept = ".vpptoken";
    field.onchange = () => {
      const file = field.files?.[0];
      if (file) onFile(file);
    };
    field.click();
  };
  return (
    <Button small icon="update" may="PUT /apps-and-books/locations/{name}/token" busy={busy} onClick={choose}>
      {said.renew}
    </Button>
  );
}

function TakeOver({ name, server, onDone }: { name: string; server: string; onDone: () => void }) {
  const said = words("apple").apps;
  const take = useAction(async () => {
    const question = {
      ...{ title: said.takeOverTitle, text: said.takeOverHint, yes: said.takeOverDo },
      ...{ danger: true, type: name },
    };
    if (!(await confirm(question))) return;
    await api.post("/apps-and-books/locations/{name}/take-over", {
      path: { name },
      query: { confirm: name },
    });
    say(said.takenOver);
    onDone();
  });
  return (
    <div class="note tone-warn">
      <Icon name="warning" />
      <div>
        <p>{said.elsewhereText(server)}</p>
        <FaultNote fault={take.fault} />
        <div class="actions">
          <Button
            kind="danger"
            may="POST /apps-and-books/locations/{name}/take-over"
            busy={take.busy}
            onClick={() => take.run()}
          >
            {said.takeOverDo}
          </Button>
        </div>
      </div>
    </div>
  );
}

/** Of the first page; where there is more, it says so. */
function Licences({ name }: { name: string }) {
  const said = words("apple").apps;
  const assets = useResource(
    (signal) =>
      api.get("/apps-and-books/locations/{name}/assets", { path: { name }, query: { limit: 200 }, signal }),
    [name],
  );
  return (
    <Load of={assets} rows={1}>
      {({ items, next_cursor }) => {
        const more = next_cursor === null ? "" : `${said.more} `;
        const used = items.reduce((sum, { assigned }) => sum + assigned, 0);
        return (
          <Facts
            items={[
              [said.content, more + number(items.length)],
              [said.licences, more + number(used)],
            ]}
          />
        );
      }}
    </Load>
  );
}
