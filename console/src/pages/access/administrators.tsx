import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useList } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Icon } from "../../parts/icon.tsx";
import type { Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { query, setQuery } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { type RoleAndRights, RoleFields, RoleWords } from "./role-fields.tsx";

type Invitation = Schemas["AdministratorInvitation"];

const tones: Record<Invitation["state"], Tone> = {
  open: "info",
  accepted: "good",
  expired: "quiet",
  withdrawn: "quiet",
};

/** Colleagues who were invited, and what came of it. */
export function Administrators() {
  const said = words("operations").access;
  const [trouble, setTrouble] = useState<string>();
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/administrator-invitations", { query: { cursor }, ...(signal && { signal }) }),
    [],
  );
  const withdraw = useAction(async ({ id }: Invitation) => {
    await api.delete("/administrator-invitations/{id}", { path: { id } });
    say(said.withdrawn);
    list.reload();
  });
  const invite = (
    <Button
      kind="primary"
      icon="people"
      may="POST /administrator-invitations"
      onClick={() => setQuery({ new: "yes" })}
    >
      {said.invite}
    </Button>
  );
  return (
    <>
      {list.items.length > 0 && (
        <div class="section-head">
          <p class="hint lead">{said.noInvitationsHint}</p>
          {invite}
        </div>
      )}
      {trouble && (
        <div class="note tone-warn" role="alert">
          <Icon name="warning" />
          <div>
            <p class="note-title">{said.notSent}</p>
            <p>{trouble}</p>
          </div>
        </div>
      )}
      <FaultNote fault={withdraw.fault} />
      <Table
        label={said.invitations}
        list={list}
        idOf={({ id }) => id}
        columns={[
          { key: "email", title: said.email, cell: ({ email }) => email },
          {
            key: "state",
            title: said.state,
            cell: ({ state }) => <Badge tone={tones[state]}>{said.invitationStates[state]}</Badge>,
          },
          {
            key: "role",
            title: said.role,
            cell: ({ role, rights }) => <RoleWords role={role} rights={rights} />,
          },
          { key: "ends", title: said.ends, wide: true, cell: ({ expires_at }) => <Time at={expires_at} /> },
          {
            key: "do",
            title: "",
            cell: (invitation) =>
              invitation.state === "open" && (
                <Button
                  small
                  kind="quiet"
                  may="DELETE /administrator-invitations/{id}"
                  label={`${said.withdraw}: ${invitation.email}`}
                  onClick={() => withdraw.run(invitation)}
                >
                  {said.withdraw}
                </Button>
              ),
          },
        ]}
        empty={
          <Empty title={said.noInvitations} icon="people" action={invite}>
            {said.noInvitationsHint}
          </Empty>
        }
      />
      {query.value.get("new") === "yes" && may("POST /administrator-invitations") && (
        <Invite
          onDone={(why) => {
            setTrouble(why);
            setQuery({ new: undefined });
            list.reload();
          }}
          onClose={() => setQuery({ new: undefined })}
        />
      )}
    </>
  );
}

function Invite({ onDone, onClose }: { onDone: (trouble: string | undefined) => void; onClose: () => void }) {
  const said = words("operations").access;
  const start: RoleAndRights & { email: string } = { email: "", role: "operator", rights: [] };
  const form = useForm(start, async ({ email, role, rights }) => {
    const { mail } = await api.post("/administrator-invitations", {
      body: { email, role, rights: [...rights] },
    });
    if (mail.sent) say(said.invited(email));
    onDone(mail.sent ? undefined : (mail.trouble ?? words("common").say.unknown));
  });
  const { values, errors, set } = form;
  return (
    <Dialog title={said.invite} onClose={onClose}>
      <Form state={form} submit={said.sendInvitation} onCancel={onClose}>
        <TextField
          label={said.email}
          hint={said.inviteHint}
          error={errors["/email"]}
          type="email"
          value={values.email}
          required
          onInput={(email) => set({ email })}
        />
        <RoleFields values={values} error={errors["/role"]} set={set} />
      </Form>
    </Dialog>
  );
}
