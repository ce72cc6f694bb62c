// Devices: one list, with a search, filters and sorting that are in the address.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { giveFile } from "../../api/files.ts";
import { may } from "../../api/may.ts";
import { useAction, useList } from "../../api/resource.ts";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { FilterBar } from "../../parts/filters.tsx";
import { PageHead, type Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { query, setQuery } from "../../shell/router.ts";
import { words } from "../../words/words.ts";
import { Batch } from "./batch.tsx";
import { systemOf } from "./system.ts";

type Device = Schemas["Device"];
type Query = NonNullable<Parameters<typeof api.get<"/devices">>[1]>["query"];

const tones: Record<Device["state"], Tone> = {
  pending: "info",
  enrolled: "good",
  unenrolled: "quiet",
  erased: "quiet",
};

const passed = [
  "search",
  "state",
  "platform",
  "encrypted",
  "lost_mode",
  "tag",
  "user_email",
  "person",
  "os_min",
  "os_max",
  "seen_before",
  "seen_after",
  "sort",
] as const;

export default function DevicesPage() {
  const said = words("devices");
  const { pages, say } = words("common");
  const asked = Object.fromEntries(passed.map((name) => [name, query.value.get(name) ?? undefined])) as Query;
  const isFiltered = Object.entries(asked ?? {}).some(
    ([name, value]) => name !== "sort" && value !== undefined,
  );
  const list = useList(
    ({ signal, cursor }) => api.get("/devices", { query: { ...asked, cursor }, ...(signal && { signal }) }),
    [asked],
  );
  const download = useAction(async () => {
    const headers = { Accept: "text/csv" };
    const answer = await api.raw("GET", "/devices", { query: { ...asked }, headers });
    giveFile("devices.csv", await answer.text(), "text/csv");
  });
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(marked);
    if (!next.delete(id)) next.add(id);
    setMarked(next);
  };
  const selection = {
    has: (id: string) => marked.has(id),
    toggle,
    all: (ids: readonly string[]) => setMarked(new Set(ids)),
  };
  return (
    <>
      <PageHead
        title={pages.devices}
        actions={
          <>
            <Button icon="download" busy={download.busy} onClick={() => download.run()}>
              {said.csv}
            </Button>
            <ButtonLink kind="primary" icon="enroll" may="POST /enrollment/invitations" to="/enrollment">
              {said.invite}
            </ButtonLink>
          </>
        }
      />
      <FaultNote fault={download.fault} />
      <FilterBar
        search="search"
        searchHint={said.search}
        others={["seen_before", "seen_after", "os_min", "os_max", "tag", "user_email", "person"]}
        filters={[
          { name: "state", title: said.state, options: Object.entries(said.states) },
          {
            name: "platform",
            title: said.platform,
            options: Object.entries(words("start").platform).filter(([name]) => name !== "unknown"),
          },
          { name: "encrypted", title: said.encrypted, options: Object.entries(said.encryption) },
          { name: "lost_mode", title: said.lost, options: Object.entries(said.lostIs) },
        ]}
      />
      <Batch
        ids={list.items.map(({ id }) => id).filter((id) => marked.has(id))}
        onDone={() => setMarked(new Set())}
      />
      <Table
        label={pages.devices}
        list={list}
        {...(may("POST /batches") && { selection })}
        idOf={({ id }) => id}
        linkOf={({ id }) => `/devices/${encodeURIComponent(id)}`}
        sort={query.value.get("sort") ?? undefined}
        onSort={(sort) => setQuery({ sort })}
        columns={[
          {
            key: "name",
            title: said.name,
            sortable: true,
            cell: ({ name, serial }) => name ?? serial ?? said.unnamed,
          },
          {
            key: "state",
            title: said.state,
            cell: ({ state, lost_mode }) => (
              <>
                <Badge tone={tones[state]}>{said.states[state]}</Badge>{" "}
                {lost_mode && <Badge tone="bad">{said.health.lost}</Badge>}
              </>
            ),
          },
          { key: "os_version", title: said.system, sortable: true, cell: systemOf },
          {
            key: "serial",
            title: said.serial,
            sortable: true,
            wide: true,
            cell: ({ serial }) => serial && <code>{serial}</code>,
          },
          {
            key: "tags",
            title: said.owner,
            wide: true,
            cell: ({ tags }) => tags.map((tag) => <Badge key={tag}>{tag}</Badge>),
          },
          {
            key: "last_seen_at",
            title: said.seen,
            sortable: true,
            cell: ({ last_seen_at }) => <Time at={last_seen_at} />,
          },
        ]}
        empty={
          isFiltered ? (
            <Empty title={say.nothingFits} icon="search" />
          ) : (
            <Empty title={said.none} icon="device">
              {said.noneHint}
            </Empty>
          )
        }
      />
    </>
  );
}
