// Sets: the list, or one of them: what it gives, and whom it reaches.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction, useList, useResource } from "../../api/resource.ts";
import { Button, ButtonLink, Link } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Card, Facts, PageHead, Section } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { OpenRollout, useOpenRollout } from "./in-rings.tsx";
import { Members } from "./members.tsx";
import { lastWarnings } from "./set-body.ts";

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
  const make = (
    <ButtonLink kind="primary" icon="enroll" may="PUT /sets/{name}" to="/sets/new/by/form">
      {said.setForm.new}
    </ButtonLink>
  );
  return (
    <>
      <PageHead title={pages.sets} lead={said.setsLead} actions={list.items.length > 0 && make} />
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
          <Empty title={said.noSets} icon="set" action={make}>
            {said.noSetsHint}
          </Empty>
        }
      />
    </>
  );
}

const membersIn = ({ profiles, declarations, apps, optional }: SetOfLibrary): number =>
  [profiles, declarations, apps, optional.profiles, optional.declarations, optional.apps].flat().length;

/** A filter, condition by condition. */
function filterOf({ filter }: SetOfLibrary) {
  const said = words("library");
  if (filter === null) return said.noFilter;
  const titles = said.setForm.conditions as Readonly<Record<string, string>>;
  return Object.entries(filter).map(([name, value]) => (
    <Badge key={name}>{`${titles[name] ?? name}: ${saidValue(name, value)}`}</Badge>
  ));
}

function saidValue(name: string, value: string | boolean): string {
  const { setForm } = words("library");
  const { yes, no } = words("common").say;
  if (typeof value === "boolean") return value ? yes : no;
  const known: Readonly<Record<string, string>> =
    name === "platform" ? setForm.platforms : name === "kind" ? setForm.kinds : {};
  return known[value] ?? value;
}

/** What the server warned of when this set was saved. */
function Warnings({ name }: { name: string }) {
  const last = lastWarnings.value;
  if (last.name !== name || last.warnings.length === 0) return null;
  return (
    <div class="note tone-warn" role="status">
      <Icon name="warning" />
      <div>
        <p class="note-title">{words("library").setForm.warned}</p>
        <ul>
          {last.warnings.map(({ code, detail }) => (
            <li key={code + detail}>{detail}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function OneSet({ name }: { name: string }) {
  const said = words("library");
  const { pages, say: common } = words("common");
  const set = useResource((signal) => api.get("/sets/{name}", { path: { name }, signal }), [name]);
  const rollout = useOpenRollout(name);
  const onChange = () => {
    set.reload();
    rollout.reload();
  };
  const remove = useAction(async () => {
    const { count } = await api.get("/sets/{name}/channels", {
      path: { name },
      query: { limit: 1, count: true },
    });
    const yes = await confirm({
      title: said.deleteTitle(name),
      text: said.setForm.deleteText(count?.items ?? 0, count?.complete !== false),
      yes: common.delete,
      danger: true,
      type: name,
    });
    if (!yes) return;
    await api.delete("/sets/{name}", { path: { name }, query: { force: true } });
    say(said.deleted);
    await go("/sets");
  });
  return (
    <>
      <PageHead
        title={name}
        back={{ to: "/sets", title: pages.sets }}
        actions={
          <>
            <ButtonLink
              kind="primary"
              icon="edit"
              may="PUT /sets/{name}"
              to={`/sets/${encodeURIComponent(name)}/form`}
            >
              {common.edit}
            </ButtonLink>
            <Button icon="trash" may="DELETE /sets/{name}" busy={remove.busy} onClick={() => remove.run()}>
              {common.delete}
            </Button>
          </>
        }
      />
      <FaultNote fault={remove.fault} />
      <Warnings name={name} />
      <OpenRollout of={rollout.value} note={said.inRings.replaces} />
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
            <Members set={known} onChange={onChange} />
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
            cell: ({ device_id, name: called, serial }) => (
              <Link to={`/devices/${encodeURIComponent(device_id)}`}>{called ?? serial ?? device_id}</Link>
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
