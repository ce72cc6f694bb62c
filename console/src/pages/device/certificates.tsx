// The certificates by which the device proves who it is, and those that it told of.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useList, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Card, Facts, Section, type Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { say } from "../../shell/toasts.tsx";
import { dateOf } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import type { DeviceProps } from "./device-props.ts";

type Identity = Schemas["Identity"];
type Renewal = NonNullable<Schemas["DeviceDetail"]["identity_renewal"]>;

const day = 24 * 60 * 60 * 1000;

const renewalTones: Record<Renewal["state"], Tone> = {
  not_possible: "warn",
  not_due: "good",
  under_way: "info",
  failed: "bad",
};

export function Certificates({ device, onDone }: DeviceProps) {
  const { id } = device;
  const said = words("device").certificates;
  const identities = useResource(
    (signal) => api.get("/devices/{id}/identities", { path: { id }, signal }),
    [id],
  );
  const reload = () => {
    identities.reload();
    onDone();
  };
  return (
    <>
      <Section title={said.identity} hint={said.identityHint}>
        {device.identity_renewal && (
          <RenewalCard id={id} renewal={device.identity_renewal} state={device.state} onDone={reload} />
        )}
        <Load of={identities} rows={2}>
          {({ items }) =>
            items.length === 0 ? (
              <p class="hint">{said.noIdentity}</p>
            ) : (
              <Identities id={id} items={items} onDone={reload} />
            )
          }
        </Load>
      </Section>
      <Section title={said.installed} hint={said.installedHint}>
        <Installed id={id} />
      </Section>
    </>
  );
}

function RenewalCard({
  id,
  renewal,
  state,
  onDone,
}: {
  id: string;
  renewal: Renewal;
  state: string;
  onDone: () => void;
}) {
  const said = words("device").certificates;
  const renew = useAction(async () => {
    if (!(await confirm({ title: said.renew, text: said.renewText, yes: said.renew }))) return;
    await api.post("/devices/{id}/renew-identity", { path: { id } });
    say(said.renewed);
    onDone();
  });
  return (
    <Card>
      <Facts
        items={[
          renewal.expires_at !== null && [
            said.expires,
            <>
              {dateOf(renewal.expires_at)} · <Time at={renewal.expires_at} />
            </>,
          ],
          renewal.state === "not_due" && renewal.due_at !== null && [said.due, dateOf(renewal.due_at)],
        ]}
      />
      <p class={`device-said tone-${renewalTones[renewal.state]}`}>{said.renewal[renewal.state]}</p>
      {renewal.error !== null && <p>{renewal.error}</p>}
      {state === "enrolled" && renewal.state !== "not_possible" && renewal.state !== "under_way" && (
        <div class="actions">
          <Button
            icon="update"
            may="POST /devices/{id}/renew-identity"
            busy={renew.busy}
            onClick={() => renew.run()}
          >
            {said.renew}
          </Button>
        </div>
      )}
      <FaultNote fault={renew.fault} />
    </Card>
  );
}

function Identities({ id, items, onDone }: { id: string; items: Identity[]; onDone: () => void }) {
  const said = words("device").certificates;
  const unbind = useAction(async ({ fingerprint }: Identity) => {
    const type = fingerprint.slice(0, 8);
    const question = { title: said.unbind, text: said.unbindText, yes: said.unbind, danger: true, type };
    if (!(await confirm(question))) return;
    await api.delete("/devices/{id}/identities/{fingerprint}", { path: { id, fingerprint } });
    say(said.unbound);
    onDone();
  });
  const endOverlap = useAction(async () => {
    const question = {
      title: said.endOverlap,
      text: said.endOverlapText,
      yes: said.endOverlap,
      danger: true,
    };
    if (!(await confirm(question))) return;
    const { ended } = await api.post("/devices/{id}/identities/end-overlap", { path: { id } });
    say(said.endedOnes(ended));
    onDone();
  });
  const list = { items, fault: undefined, loading: false, more: undefined, reload: onDone };
  return (
    <>
      <Table
        label={said.identity}
        list={list}
        idOf={({ fingerprint }) => fingerprint}
        columns={[
          {
            key: "fingerprint",
            title: said.fingerprint,
            cell: ({ fingerprint }) => <code title={fingerprint}>{fingerprint.slice(0, 16)}…</code>,
          },
          {
            key: "state",
            title: words("devices").state,
            cell: (identity) => <Standing identity={identity} />,
          },
          {
            key: "expires",
            title: said.expires,
            cell: ({ expires_at }) => (
              <div>
                {dateOf(expires_at)}
                <div class="hint">
                  <Time at={expires_at} />
                </div>
              </div>
            ),
          },
          {
            key: "used",
            title: said.firstUsed,
            wide: true,
            cell: ({ pinned_at }) => <Time at={pinned_at} />,
          },
          ...(may("DELETE /devices/{id}/identities/{fingerprint}")
            ? [
                {
                  key: "unbind",
                  title: "",
                  cell: (identity: Identity) =>
                    identity.revoked_at === null && (
                      <Button small kind="quiet" onClick={() => unbind.run(identity)}>
                        {said.unbind}
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
        empty={<p class="hint">{said.noIdentity}</p>}
      />
      {items.some(({ retires_at }) => retires_at !== null && Date.parse(retires_at) > Date.now()) && (
        <div class="actions">
          <Button
            may="POST /devices/{id}/identities/end-overlap"
            busy={endOverlap.busy}
            onClick={() => endOverlap.run()}
          >
            {said.endOverlap}
          </Button>
        </div>
      )}
      <FaultNote fault={unbind.fault ?? endOverlap.fault} />
    </>
  );
}

function Standing({ identity }: { identity: Identity }) {
  const said = words("device").certificates;
  const { revoked_at: revoked, retires_at: retires, expires_at: expires } = identity;
  if (revoked !== null) return <Badge tone="bad">{said.revoked}</Badge>;
  if (Date.parse(expires) < Date.now()) return <Badge tone="bad">{said.ended}</Badge>;
  if (retires !== null) return <Badge>{said.accepted(dateOf(retires))}</Badge>;
  return <Badge tone="good">{said.inUse}</Badge>;
}

function Installed({ id }: { id: string }) {
  const said = words("device").certificates;
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/devices/{id}/installed-certificates", {
        path: { id },
        query: { cursor },
        ...(signal && { signal }),
      }),
    [id],
  );
  return (
    <Table
      label={said.installed}
      list={list}
      idOf={({ fingerprint, common_name, serial }) => fingerprint ?? `${common_name ?? ""} ${serial ?? ""}`}
      columns={[
        {
          key: "name",
          title: said.name,
          cell: ({ common_name, subject, is_identity, is_ca }) => (
            <div>
              <span class="breakable">{common_name ?? subject}</span>{" "}
              {is_identity === true && <Badge tone="info">{said.own}</Badge>}
              {is_ca === true && <Badge>{said.authority}</Badge>}
            </div>
          ),
        },
        {
          key: "issuer",
          title: said.issuer,
          wide: true,
          cell: ({ issuer }) => <span class="quiet breakable">{issuer}</span>,
        },
        {
          key: "expires",
          title: said.expires,
          cell: ({ not_after: end }) =>
            end !== undefined && (
              <div>
                {dateOf(end)} {toneOf(end) === "bad" && <Badge tone="bad">{said.ended}</Badge>}
                {toneOf(end) === "warn" && <Badge tone="warn">{said.endsSoon}</Badge>}
              </div>
            ),
        },
      ]}
      empty={<Empty title={said.none} icon="certificate" />}
    />
  );
}

function toneOf(end: string): Tone {
  const left = Date.parse(end) - Date.now();
  return left < 0 ? "bad" : left < 30 * day ? "warn" : "good";
}
