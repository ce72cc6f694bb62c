import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useList } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import type { Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { query, setQuery } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { NewInvitation } from "./new-invitation.tsx";
import { NotReady } from "./not-ready.tsx";

type Invitation = Schemas["Invitation"];

const tones: Record<Invitation["state"], Tone> = {
  active: "good",
  "used-up": "quiet",
  expired: "quiet",
  revoked: "quiet",
};

export function Invitations() {
  const said = words("enrollment").invitations;
  const [made, setMade] = useState(0);
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/enrollment/invitations", { query: { cursor }, ...(signal && { signal }) }),
    [made],
  );
  const revoke = useAction(async ({ id }: Invitation) => {
    await api.delete("/enrollment/invitations/{id}", { path: { id } });
    say(said.revoked);
    list.reload();
  });
  const askToRevoke = async (invitation: Invitation) => {
    const yes = await confirm({
      title: said.revokeTitle,
      text: said.revokeText,
      yes: said.revoke,
      danger: true,
    });
    if (yes) await revoke.run(invitation);
  };
  const invite = (
    <Button
      kind="primary"
      icon="enroll"
      may="POST /enrollment/invitations"
      onClick={() => setQuery({ new: "yes" })}
    >
      {said.new}
    </Button>
  );
  return (
    <>
      <NotReady />
      <div class="section-head invite-head">
        <p class="hint lead">{said.hint}</p>
        {list.items.length > 0 && invite}
      </div>
      <FaultNote fault={revoke.fault} />
      <Table
        label={words("enrollment").tabs.invitations}
        list={list}
        idOf={({ id }) => id}
        columns={[
          {
            key: "note",
            title: said.note,
            cell: ({ note }) => note || <span class="quiet">{said.untitled}</span>,
          },
          {
            key: "state",
            title: said.state,
            cell: ({ state }) => <Badge tone={tones[state]}>{said.states[state]}</Badge>,
          },
          {
            key: "for",
            title: said.for,
            wide: true,
            cell: ({ serial, user }) =>
              user ?? (serial ? <code>{serial}</code> : <span class="quiet">{said.anybody}</span>),
          },
          {
            key: "uses",
            title: said.used,
            number: true,
            cell: ({ uses, max_uses }) => said.usedOf(uses, max_uses),
          },
          { key: "ends", title: said.ends, cell: ({ expires_at }) => <Time at={expires_at} /> },
          {
            key: "created",
            title: said.created,
            wide: true,
            cell: ({ created_at }) => <Time at={created_at} />,
          },
          ...(may("DELETE /enrollment/invitations/{id}")
            ? [
                {
                  key: "revoke",
                  title: "",
                  cell: (invitation: Invitation) =>
                    invitation.state === "active" && (
                      <Button small kind="quiet" onClick={() => void askToRevoke(invitation)}>
                        {said.revoke}
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
        empty={
          <Empty title={said.none} icon="enroll" action={invite}>
            {said.noneHint}
          </Empty>
        }
      />
      {query.value.get("new") === "yes" && may("POST /enrollment/invitations") && (
        <NewInvitation
          onMade={() => setMade((before) => before + 1)}
          onClose={() => {
            setQuery({ new: undefined });
            // The link may have been used while its code was shown.
            list.reload();
          }}
        />
      )}
    </>
  );
}
