// Apps of the library: the list, or one of them with how far each device is.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useList, useResource } from "../../api/resource.ts";
import { Link } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { Card, Facts, PageHead, Section, type Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { PageProps } from "../../shell/routes.ts";
import { words } from "../../words/words.ts";

type State = Schemas["AppOnDevice"]["state"];

const tones: Record<State, Tone> = {
  waiting_for_licence: "warn",
  pending: "info",
  installing: "info",
  waiting_for_person: "warn",
  installed: "good",
  failed: "bad",
  not_applicable: "quiet",
  removing: "info",
};

export default function AppsPage({ params: { name } }: PageProps) {
  return name === undefined ? <AllApps /> : <OneApp key={name} name={name} />;
}

const sourceOf = ({ store, manifest, package: hosted }: Schemas["App"]["source"]) => {
  const said = words("library").sources;
  if (store) return said.store(store.location, store.adam_id);
  return manifest ? said.manifest(manifest.url) : said.package(hosted?.name ?? "");
};

function AllApps() {
  const said = words("library");
  const { pages } = words("common");
  const list = useList(
    ({ signal, cursor }) => api.get("/apps", { query: { cursor }, ...(signal && { signal }) }),
    [],
  );
  return (
    <>
      <PageHead title={pages.apps} lead={said.appsLead} />
      <Table
        label={pages.apps}
        list={list}
        idOf={({ name }) => name}
        linkOf={({ name }) => `/apps/${encodeURIComponent(name)}`}
        columns={[
          { key: "name", title: said.name, cell: ({ title, name }) => title ?? name },
          { key: "source", title: said.source, cell: ({ source }) => sourceOf(source) },
          { key: "bundle", title: said.bundle, wide: true, cell: ({ bundle_id }) => bundle_id ?? "–" },
          {
            key: "changed",
            title: said.changed,
            wide: true,
            cell: ({ updated_at }) => <Time at={updated_at} />,
          },
        ]}
        empty={
          <Empty title={said.noApps} icon="app">
            {said.noAppsHint}
          </Empty>
        }
      />
    </>
  );
}

function OneApp({ name }: { name: string }) {
  const said = words("library");
  const { pages } = words("common");
  const app = useResource((signal) => api.get("/apps/{name}", { path: { name }, signal }), [name]);
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/apps/{name}/devices", { path: { name }, query: { cursor }, ...(signal && { signal }) }),
    [name],
  );
  return (
    <>
      <PageHead title={app.value?.title ?? name} back={{ to: "/apps", title: pages.apps }} />
      <Load of={app}>
        {(known) => (
          <Card>
            <Facts
              items={[
                [said.source, sourceOf(known.source)],
                [said.bundle, known.bundle_id],
                [
                  pages.sets,
                  <div class="badges" key="sets">
                    {known.sets.map((set) => (
                      <Link key={set} to={`/sets/${encodeURIComponent(set)}`}>
                        {set}
                      </Link>
                    ))}
                  </div>,
                ],
                [
                  said.onDevices,
                  <div class="badges" key="counts">
                    {(Object.entries(known.counts) as [State, number][])
                      .filter(([, count]) => count > 0)
                      .map(([state, count]) => (
                        <Badge key={state} tone={tones[state]}>{`${said.appStates[state]}: ${count}`}</Badge>
                      ))}
                  </div>,
                ],
                [said.changed, <Time key="changed" at={known.updated_at} />],
              ]}
            />
          </Card>
        )}
      </Load>
      <Section title={said.onDevices}>
        <Table
          label={said.onDevices}
          list={list}
          idOf={({ device_id }) => device_id}
          linkOf={({ device_id }) => `/devices/${encodeURIComponent(device_id)}/apps`}
          columns={[
            {
              key: "device",
              title: said.device,
              cell: ({ name: called, serial, device_id }) => called ?? serial ?? device_id,
            },
            {
              key: "state",
              title: said.state,
              cell: ({ state, reason }) => (
                <>
                  <Badge tone={tones[state]}>{said.appStates[state]}</Badge>
                  {reason !== null && <p class="hint">{reason}</p>}
                </>
              ),
            },
            {
              key: "installed",
              title: said.version,
              wide: true,
              cell: ({ installed_version }) => installed_version ?? "–",
            },
            { key: "since", title: said.since, cell: ({ since }) => <Time at={since} /> },
          ]}
          empty={<Empty title={said.onNoDevice} icon="device" />}
        />
      </Section>
    </>
  );
}
