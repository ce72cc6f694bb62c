import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useList } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm, Dialog } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { NameField } from "../../parts/name-field.tsx";
import type { Tone } from "../../parts/page.tsx";
import { Badge, Copyable, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { query, setQuery } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { type RoleAndRights, RoleFields, RoleWords } from "./role-fields.tsx";

type Token = Schemas["Token"];
type Created = Schemas["CreatedToken"];

const tones: Record<Token["state"], Tone> = { active: "good", expired: "quiet", revoked: "quiet" };

export function Tokens() {
  const said = words("operations").access;
  const [made, setMade] = useState<Created>();
  const list = useList(
    ({ signal, cursor }) => api.get("/tokens", { query: { cursor }, ...(signal && { signal }) }),
    [],
  );
  const revoke = useAction(async ({ id, name }: Token) => {
    const yes = await confirm({
      title: said.revokeTitle,
      text: (
        <>
          <strong>{name}</strong>: {said.revokeText}
        </>
      ),
      yes: said.revoke,
      danger: true,
    });
    if (!yes) return;
    await api.delete("/tokens/{id}", { path: { id } });
    say(said.revoked);
    list.reload();
  });
  const rotate = useAction(async ({ id }: Token) => {
    const yes = await confirm({ title: said.rotateTitle, text: said.rotateText, yes: said.rotate });
    if (!yes) return;
    setMade(await api.post("/tokens/{id}/rotate", { path: { id }, body: { overlap_minutes: 60 } }));
    list.reload();
  });
  const add = (
    <Button kind="primary" icon="key" may="POST /tokens" onClick={() => setQuery({ new: "yes" })}>
      {said.new}
    </Button>
  );
  return (
    <>
      <div class="section-head">
        <p class="hint lead">{said.tokensHint}</p>
        {add}
      </div>
      <FaultNote fault={revoke.fault ?? rotate.fault} />
      <Table
        label={said.tabs.tokens}
        list={list}
        idOf={({ id }) => id}
        columns={[
          { key: "name", title: said.name, cell: ({ name }) => name },
          {
            key: "state",
            title: said.state,
            cell: ({ state }) => <Badge tone={tones[state]}>{said.states[state]}</Badge>,
          },
          {
            key: "role",
            title: said.role,
            cell: ({ role, rights }) => <RoleWords role={role} rights={rights} />,
          },
          { key: "kind", title: said.kind, wide: true, cell: ({ kind }) => said.kinds[kind] },
          { key: "prefix", title: said.prefix, wide: true, cell: ({ prefix }) => <code>{prefix}</code> },
          { key: "used", title: said.used, cell: ({ last_used_at }) => <Time at={last_used_at} /> },
          {
            key: "ends",
            title: said.ends,
            wide: true,
            cell: ({ expires_at }) => <Time at={expires_at} never={said.noEnd} />,
          },
          {
            key: "do",
            title: "",
            cell: (token) =>
              token.state === "active" && (
                <div class="actions end">
                  {token.kind === "token" && (
                    <Button
                      small
                      kind="quiet"
                      may="POST /tokens/{id}/rotate"
                      label={`${said.rotate}: ${token.name}`}
                      onClick={() => rotate.run(token)}
                    >
                      {said.rotate}
                    </Button>
                  )}
                  <Button
                    small
                    kind="quiet"
                    may="DELETE /tokens/{id}"
                    label={`${said.revoke}: ${token.name}`}
                    onClick={() => revoke.run(token)}
                  >
                    {said.revoke}
                  </Button>
                </div>
              ),
          },
        ]}
        empty={<Empty title={words("common").say.nothing} icon="key" action={add} />}
      />
      {query.value.get("new") === "yes" && may("POST /tokens") && (
        <NewToken
          onMade={(created) => {
            setMade(created);
            setQuery({ new: undefined });
            list.reload();
          }}
          onClose={() => setQuery({ new: undefined })}
        />
      )}
      {made && (
        <Dialog title={`${said.made}: ${made.name}`} onClose={() => setMade(undefined)} lasting>
          <p class="hint">{said.madeHint}</p>
          <Copyable text={made.token} />
          <div class="actions end">
            <Button kind="primary" onClick={() => setMade(undefined)}>
              {said.done}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function NewToken({ onMade, onClose }: { onMade: (created: Created) => void; onClose: () => void }) {
  const said = words("operations").access;
  const start: RoleAndRights & { name: string; ends: string } = {
    name: "",
    role: "viewer",
    rights: [],
    ends: "",
  };
  const form = useForm(start, async ({ name, role, rights, ends }) => {
    const expires_at = ends === "" ? null : new Date(`${ends}T23:59:59`).toISOString();
    onMade(await api.post("/tokens", { body: { name, role, rights: [...rights], expires_at } }));
  });
  const { values, errors, set } = form;
  return (
    <Dialog title={said.new} onClose={onClose}>
      <Form state={form} submit={said.make} onCancel={onClose}>
        <NameField form={form} said={said} />
        <RoleFields values={values} error={errors["/role"]} set={set} />
        <TextField
          label={said.ends}
          hint={said.endsHint}
          error={errors["/expires_at"]}
          type="date"
          value={values.ends}
          onInput={(ends) => set({ ends })}
        />
      </Form>
    </Dialog>
  );
}
