// Apps of the library: the list, or one of them with how far each device is.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction, useList, useResource } from "../../api/resource.ts";
import { Button, ButtonLink, Link } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Card, Facts, PageHead, Section, type Tone } from "../../parts/page.tsx";
import { Badge, Empty, Meter, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { go, query, setQuery } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { number } from "../../words/forms.ts";
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
  const make = (
    <ButtonLink kind="primary" icon="enroll" may="PUT /apps/{name}" to="/apps/new/by/form">
      {said.appForm.new}
    </ButtonLink>
  );
  return (
    <>
      <PageHead title={pages.apps} lead={said.appsLead} actions={list.items.length > 0 && make} />
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
          <Empty title={said.noApps} icon="app" action={make}>
            {said.noAppsHint}
          </Empty>
        }
      />
    </>
  );
}

function OneApp({ name }: { name: string }) {
  const said = words("library");
  const { pages, say: common } = words("common");
  const state = query.value.get("state") ?? "";
  const app = useResource((signal) => api.get("/apps/{name}", { path: { name }, signal }), [name]);
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/apps/{name}/devices", {
        path: { name },
        query: { cursor, ...(state !== "" && { state: state as State }) },
        ...(signal && { signal }),
      }),
    [name, state],
  );
  const remove = useAction(async () => {
    const { sets } = await api.get("/apps/{name}", { path: { name } });
    if (sets.length > 0) {
      await confirm({ title: said.stillUsed, text: said.stillUsedText(sets.join(", ")), yes: common.close });
      return;
    }
    const yes = await confirm({
      title: said.deleteTitle(name),
      text: said.appForm.deleteText,
      yes: common.delete,
      danger: true,
      type: name,
    });
    if (!yes) return;
    await api.delete("/apps/{name}", { path: { name } });
    say(said.deleted);
    await go("/apps");
  });
  return (
    <>
      <PageHead
        title={app.value?.title ?? name}
        back={{ to: "/apps", title: pages.apps }}
        actions={
          <>
            <ButtonLink
              kind="primary"
              icon="edit"
              may="PUT /apps/{name}"
              to={`/apps/${encodeURIComponent(name)}/form`}
            >
              {common.edit}
            </ButtonLink>
            <Button icon="trash" may="DELETE /apps/{name}" busy={remove.busy} onClick={() => remove.run()}>
              {common.delete}
            </Button>
          </>
        }
      />
      <FaultNote fault={remove.fault} />
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
                [said.appForm.whenUpdated, updatesOf(known.behaviour.updates)],
                [said.appForm.remove, known.behaviour.remove_when_unassigned ? common.yes : common.no],
                known.behaviour.pinned_version !== null && [
                  said.appForm.pinned,
                  known.behaviour.pinned_version,
                ],
                [said.changed, <Time key="changed" at={known.updated_at} />],
              ]}
            />
          </Card>
        )}
      </Load>
      <Section title={said.onDevices}>
        {app.value && <Progress counts={app.value.counts} chosen={state} />}
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

function updatesOf(updates: Schemas["App"]["behaviour"]["updates"]): string {
  const said = words("library").appForm;
  if (updates === "always") return said.updates.always;
  return updates === "never" ? said.updates.never : said.between(updates.from, updates.until);
}

/** How many devices are how far; each state shows its devices. */
function Progress({ counts, chosen }: { counts: Partial<Record<State, number>>; chosen: string }) {
  const said = words("library");
  const some = (Object.entries(counts) as [State, number][]).filter(([, count]) => count > 0);
  const all = some.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return null;
  const installed = counts.installed ?? 0;
  return (
    <div class="progress">
      <p>{said.appForm.progress(installed, all)}</p>
      <Meter value={installed} of={all} tone="good" label={said.appForm.progress(installed, all)} />
      <div class="badges">
        {[["", all] as const, ...some].map(([state, count]) => (
          <Button
            key={state}
            small
            kind={chosen === state ? "plain" : "quiet"}
            pressed={chosen === state}
            onClick={() => setQuery({ state })}
          >
            {`${state === "" ? words("common").say.all : said.appStates[state]}: ${number(count)}`}
          </Button>
        ))}
      </div>
    </div>
  );
}
