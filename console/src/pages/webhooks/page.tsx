// Webhooks: the list, or one of them with what it delivered.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { type List, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { query, setQuery } from "../../shell/router.ts";
import { words } from "../../words/words.ts";
import { NewWebhook } from "./new-webhook.tsx";
import { OneWebhook } from "./one.tsx";
import { WebhookState } from "./state.tsx";

type Webhook = Schemas["Webhook"];

export default function WebhooksPage({ params }: PageProps) {
  return params.id === undefined ? <AllWebhooks /> : <OneWebhook key={params.id} id={params.id} />;
}

function AllWebhooks() {
  const said = words("operations").webhooks;
  const all = useResource((signal) => api.get("/webhooks", { signal }), []);
  const list: List<Webhook> = { ...all, items: all.value?.items ?? [], more: undefined };
  const add = (
    <Button kind="primary" icon="webhook" may="POST /webhooks" onClick={() => setQuery({ new: "yes" })}>
      {said.new}
    </Button>
  );
  return (
    <>
      <PageHead
        title={words("common").pages.webhooks}
        lead={said.lead}
        actions={list.items.length > 0 && add}
      />
      <Table
        label={words("common").pages.webhooks}
        list={list}
        idOf={({ id }) => id}
        linkOf={({ id }) => `/webhooks/${id}`}
        columns={[
          { key: "name", title: said.name, cell: ({ name }) => name },
          { key: "state", title: said.state, cell: (webhook) => <WebhookState webhook={webhook} /> },
          { key: "host", title: said.host, cell: ({ host }) => <code>{host}</code> },
          { key: "topics", title: said.topics, wide: true, cell: ({ topics }) => topics.join(", ") },
          { key: "dead", title: said.givenUp, number: true, cell: ({ dead_letters }) => dead_letters },
          {
            key: "created",
            title: said.created,
            wide: true,
            cell: ({ created_at }) => <Time at={created_at} />,
          },
        ]}
        empty={
          <Empty title={said.none} icon="webhook" action={add}>
            {said.noneHint}
          </Empty>
        }
      />
      {query.value.get("new") === "yes" && may("POST /webhooks") && (
        <NewWebhook onMade={all.reload} onClose={() => setQuery({ new: undefined })} />
      )}
    </>
  );
}
