// Sets: the list, or one of them: what it gives, and whom it reaches.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useList, useResource } from "../../api/resource.ts";
import { Link } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { Card, Facts, PageHead, Section } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { PageProps } from "../../shell/routes.ts";
import { words } from "../../words/words.ts";
import { Members } from "./members.tsx";

type SetOfLibrary = Schemas["Set"];

export default function SetsPage({ params }: PageProps) {
  return params.name === undefined ? <AllSets /> : <OneSet key={params.name} name={params.name} />;
}

function AllSets() {
  const said = words("library");
  const { pages } = words("common");
  const list = useList(
    ({ signal, cursor }) => api.get("/sets", { query: { cursor }, ...(signal && { signal }) }),
    [],
  );
  return (
    <>
      <PageHead title={pages.sets} lead={said.setsLead} />
      <Table
        label={pages.sets}
        list={list}
        idOf={({ name }) => name}
        linkOf={({ name }) => `/sets/${encodeURIComponent(name)}`}
        columns={[
          { key: "name", title: said.name, cell: ({ name }) => name },
          { key: "description", title: said.description, cell: ({ description }) => description },
          { key: "filter", title: said.filter, wide: true, cell: filterOf },
          { key: "members", title: said.members, number: true, cell: (set) => said.count(membersIn(set)) },
        ]}
        empty={
          <Empty title={said.noSets} icon="set">
            {said.noSetsHint}
          </Empty>
        }
      />
    </>
  );
}

const membersIn = ({ profiles, declarations, apps, optional }: SetOfLibrary): number =>
  [profiles, declarations, apps, optional.profiles, optional.declarations, optional.apps].flat().length;

/** A filter as the API has it, condition by condition. */
const filterOf = ({ filter }: SetOfLibrary) =>
  filter === null
    ? words("library").noFilter
    : Object.entries(filter).map(([name, value]) => <Badge key={name}>{`${name} = ${value}`}</Badge>);

function OneSet({ name }: { name: string }) {
  const said = words("library");
  const { pages } = words("common");
  const set = useResource((signal) => api.get("/sets/{name}", { path: { name }, signal }), [name]);
  return (
    <>
      <PageHead title={name} back={{ to: "/sets", title: pages.sets }} />
      <Load of={set}>
        {(known) => (
          <>
            <Card>
              <Facts
                items={[
                  [said.description, known.description],
                  [
                    said.filter,
                    <div class="badges" key="filter">
                      {filterOf(known)}
                    </div>,
                  ],
                  known.predicate !== null && [
                    said.predicate,
                    <code key="predicate">{known.predicate}</code>,
                  ],
                  known.device_name !== null && [
                    said.deviceName,
                    <code key="name">{known.device_name}</code>,
                  ],
                  [said.changed, <Time key="changed" at={known.updated_at} />],
                ]}
              />
            </Card>
            <Members set={known} onChange={set.reload} />
          </>
        )}
      </Load>
      <Holders name={name} />
    </>
  );
}

function Holders({ name }: { name: string }) {
  const said = words("library");
  const count = useResource(
    (signal) =>
      api.get("/sets/{name}/channels", { path: { name }, query: { limit: 1, count: true }, signal }),
    [name],
  );
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/sets/{name}/channels", { path: { name }, query: { cursor }, ...(signal && { signal }) }),
    [name],
  );
  const reached = count.value?.count;
  return (
    <Section
      title={said.reaches}
      {...(reached && { hint: said.reachesMany(reached.items, reached.complete) })}
    >
      <Table
        label={said.reaches}
        list={list}
        idOf={({ device_id, channel }) => `${device_id} ${channel ?? ""}`}
        columns={[
          {
            key: "device",
            title: said.device,
            cell: ({ device_id }) => (
              <Link to={`/devices/${encodeURIComponent(device_id)}`}>
                <code>{device_id}</code>
              </Link>
            ),
          },
          { key: "channel", title: said.user, cell: ({ channel }) => channel ?? said.deviceItself },
          {
            key: "why",
            title: said.why,
            cell: ({ given, by_rule }) => (
              <div class="badges">
                {given && <Badge>{said.given}</Badge>}
                {by_rule && <Badge>{said.byRule}</Badge>}
              </div>
            ),
          },
        ]}
        empty={
          <Empty title={said.nobody} icon="device">
            {said.nobodyHint}
          </Empty>
        }
      />
    </Section>
  );
}
