import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction, useList, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { FilterBar } from "../../parts/filters.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Card, Facts, PageHead, Section } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { go, query } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { EditWebhook, NewSecret } from "./edit-webhook.tsx";
import { WebhookState } from "./state.tsx";

type Webhook = Schemas["Webhook"];

export function OneWebhook({ id }: { id: string }) {
  const said = words("operations").webhooks;
  const pages = words("common").pages;
  const webhook = useResource((signal) => api.get("/webhooks/{id}", { path: { id }, signal }), [id]);
  return (
    <>
      <PageHead
        title={webhook.value?.name ?? pages.webhooks}
        back={{ to: "/webhooks", title: pages.webhooks }}
        actions={webhook.value && <Actions webhook={webhook.value} onChange={webhook.reload} />}
      />
      <Load of={webhook}>
        {(known) => (
          <>
            <Card>
              <Facts
                items={[
                  [said.state, <WebhookState key="state" webhook={known} />],
                  [said.host, <code key="host">{known.host}</code>],
                  [said.style, said.styles[known.style]],
                  [said.topics, known.topics.join(", ")],
                  known.failing_since !== null && [
                    said.failingSince,
                    <Time key="since" at={known.failing_since} />,
                  ],
                  known.last_fault !== null && [said.lastFault, known.last_fault],
                  [said.created, <Time key="made" at={known.created_at} />],
                ]}
              />
            </Card>
            <Deliveries id={id} />
            <DeadLetters id={id} onChange={webhook.reload} />
          </>
        )}
      </Load>
    </>
  );
}

function Actions({ webhook: { id, name, state }, onChange }: { webhook: Webhook; onChange: () => void }) {
  const said = words("operations").webhooks;
  const [editing, setEditing] = useState(false);
  const [heard, setHeard] = useState<Schemas["WebhookPing"]>();
  const ping = useAction(async () => setHeard(await api.post("/webhooks/{id}/ping", { path: { id } })));
  const paused = state === "paused";
  const change = useAction(async () => {
    await api.patch("/webhooks/{id}", { path: { id }, body: { state: paused ? "active" : "paused" } });
    say(paused ? said.resumeDone : said.pauseDone);
    onChange();
  });
  const remove = useAction(async () => {
    const yes = await confirm({
      title: said.deleteTitle,
      text: said.deleteText,
      yes: said.delete,
      danger: true,
      type: name,
    });
    if (!yes) return;
    await api.delete("/webhooks/{id}", { path: { id } });
    say(said.deleted);
    await go("/webhooks");
  });
  return (
    <>
      <Button icon="send" may="POST /webhooks/{id}/ping" busy={ping.busy} onClick={() => ping.run()}>
        {said.ping}
      </Button>
      <Button icon="edit" may="PATCH /webhooks/{id}" onClick={() => setEditing(true)}>
        {said.edit}
      </Button>
      {editing && <EditWebhook id={id} onDone={onChange} onClose={() => setEditing(false)} />}
      <NewSecret id={id} />
      <Button may="PATCH /webhooks/{id}" busy={change.busy} onClick={() => change.run()}>
        {paused ? said.resume : said.pause}
      </Button>
      <Button icon="trash" may="DELETE /webhooks/{id}" busy={remove.busy} onClick={() => remove.run()}>
        {said.delete}
      </Button>
      {heard && (
        <div class={`note tone-${heard.delivered ? "good" : "bad"}`} role="status">
          <Icon name={heard.delivered ? "check" : "stop"} />
          <div>
            <p class="note-title">{heard.delivered ? said.pingGood(heard.ms) : said.pingBad}</p>
            {!heard.delivered && <p>{heard.detail ?? heard.status}</p>}
          </div>
        </div>
      )}
      <FaultNote fault={ping.fault ?? change.fault ?? remove.fault} />
    </>
  );
}

function Deliveries({ id }: { id: string }) {
  const said = words("operations").webhooks;
  const failed = query.value.get("failed") === "true" ? true : undefined;
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/webhooks/{id}/deliveries", {
        path: { id },
        query: { failed, cursor },
        ...(signal && { signal }),
      }),
    [id, failed],
  );
  return (
    <Section title={said.log}>
      <FilterBar filters={[{ name: "failed", title: said.all, options: [["true", said.onlyFailed]] }]} />
      <Table
        label={said.log}
        list={list}
        idOf={({ event_id, attempt }) => `${event_id}/${attempt}`}
        columns={[
          { key: "event", title: said.event, cell: ({ event }) => <code>{event}</code> },
          {
            key: "delivered",
            title: said.state,
            cell: ({ delivered }) => (
              <Badge tone={delivered ? "good" : "bad"}>{delivered ? said.delivered : said.failed}</Badge>
            ),
          },
          {
            key: "answer",
            title: said.answer,
            cell: ({ status, detail }) => detail ?? status ?? <span class="quiet">{said.noAnswer}</span>,
          },
          { key: "attempt", title: said.attempt, number: true, wide: true, cell: ({ attempt }) => attempt },
          { key: "ms", title: said.took, number: true, wide: true, cell: ({ ms }) => `${ms} ms` },
          { key: "at", title: said.when, cell: ({ at }) => <Time at={at} /> },
        ]}
        empty={<Empty title={said.logNone} />}
      />
    </Section>
  );
}

function DeadLetters({ id, onChange }: { id: string; onChange: () => void }) {
  const said = words("operations").webhooks;
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/webhooks/{id}/dead-letters", { path: { id }, query: { cursor }, ...(signal && { signal }) }),
    [id],
  );
  const replay = useAction(async () => {
    await api.post("/webhooks/{id}/dead-letters/replay", { path: { id }, body: {} });
    say(said.replayed(list.items.length));
    list.reload();
    onChange();
  });
  return (
    <Section
      title={said.dead}
      hint={said.deadHint}
      actions={
        list.items.length > 0 && (
          <Button
            may="POST /webhooks/{id}/dead-letters/replay"
            busy={replay.busy}
            onClick={() => replay.run()}
          >
            {said.replay}
          </Button>
        )
      }
    >
      <FaultNote fault={replay.fault} />
      <Table
        label={said.dead}
        list={list}
        idOf={({ event_id }) => String(event_id)}
        columns={[
          { key: "event", title: said.event, cell: ({ event }) => <code>{event}</code> },
          { key: "detail", title: said.lastFault, cell: ({ detail }) => detail },
          { key: "attempts", title: said.attempt, number: true, cell: ({ attempts }) => attempts },
          { key: "at", title: said.when, cell: ({ given_up_at }) => <Time at={given_up_at} /> },
        ]}
        empty={<Empty title={said.deadNone} icon="check" />}
      />
    </Section>
  );
}
