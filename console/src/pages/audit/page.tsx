// Audit log: who did what, newest first.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useList } from "../../api/resource.ts";
import { Link } from "../../parts/button.tsx";
import { FilterBar } from "../../parts/filters.tsx";
import { PageHead, type Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { query } from "../../shell/router.ts";
import { words } from "../../words/words.ts";

type Entry = Schemas["AuditEntry"];

const tones: Record<Entry["outcome"], Tone> = { done: "good", refused: "warn", failed: "bad" };
const day = 24 * 60 * 60 * 1000;

export default function AuditPage() {
  const said = words("operations").audit;
  const { target, days, token } = Object.fromEntries(query.value);
  const list = useList(
    ({ signal, cursor }) => {
      const since = Number(days) > 0 ? new Date(Date.now() - Number(days) * day).toISOString() : undefined;
      return api.get("/audit", { query: { target, token, since, cursor }, ...(signal && { signal }) });
    },
    [target, days, token],
  );
  return (
    <>
      <PageHead title={words("common").pages.audit} lead={said.lead} />
      <FilterBar
        search="target"
        searchHint={said.search}
        others={["token"]}
        filters={[
          {
            name: "days",
            title: said.days,
            options: [
              ["1", said.lastDay],
              ["7", said.lastWeek],
              ["30", said.lastMonth],
            ],
          },
        ]}
      />
      <Table
        label={words("common").pages.audit}
        list={list}
        idOf={({ id }) => String(id)}
        columns={[
          {
            key: "who",
            title: said.who,
            cell: ({ token_name, token_id }) => (
              <span class="named" title={said.onlyOf}>
                <Link to="/audit" query={{ token: token_id }}>
                  {token_name}
                </Link>
              </span>
            ),
          },
          {
            key: "did",
            title: said.did,
            cell: ({ method, target: what, reason }) => (
              <div class="audited">
                <code class="whole">{method}</code> <Target path={what} />
                {reason !== null && <div class="hint breakable">{said.because(reason)}</div>}
              </div>
            ),
          },
          {
            key: "outcome",
            title: said.outcome,
            cell: ({ outcome, status }) => (
              <span class="whole">
                <Badge tone={tones[outcome]}>{said.outcomes[outcome]}</Badge>
                {outcome !== "done" && <span class="quiet"> {status}</span>}
              </span>
            ),
          },
          { key: "when", title: said.when, cell: ({ at }) => <Time at={at} /> },
          { key: "ip", title: said.ip, wide: true, cell: ({ ip }) => ip && <code class="whole">{ip}</code> },
        ]}
        empty={
          <Empty title={target || days || token ? words("common").say.nothingFits : said.none} icon="audit" />
        }
      />
    </>
  );
}

/** Those that have a page of their own here, by the name that the API has for them. */
const pageOf: Readonly<Record<string, string>> = {
  ...{ devices: "/devices", people: "/people", sets: "/sets", profiles: "/profiles", apps: "/apps" },
  ...{ declarations: "/declarations", webhooks: "/webhooks", rollouts: "/rollouts" },
};

/** What was done, as a link to the thing that it was done to. */
function Target({ path }: { path: string }) {
  const [kind = "", name, ...below] = path.split("/");
  const page = Object.hasOwn(pageOf, kind) ? pageOf[kind] : undefined;
  if (page === undefined || !name) return <span class="breakable">{path}</span>;
  return (
    <span class="breakable">
      <Link to={`${page}/${name}`}>{`${kind}/${name}`}</Link>
      {below.map((part) => `/${part}`)}
    </span>
  );
}
