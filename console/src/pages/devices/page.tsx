// Devices: one list. Its search, filters, order and columns are in the address, so that going back and links work.
import { useMemo, useState } from "preact/hooks";
import { api } from "../../api/api.ts";
import { giveFile } from "../../api/files.ts";
import { may } from "../../api/may.ts";
import { useAction, useList } from "../../api/resource.ts";
import { Button, ButtonLink, Link } from "../../parts/button.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { FilterBar } from "../../parts/filters.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Empty } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { query, setQuery } from "../../shell/router.ts";
import { say as news } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { asked as askedOf, narrowing } from "./asked.ts";
import { Batch } from "./batch.tsx";
import { ChooseColumns } from "./choose-columns.tsx";
import { chosenColumns, columnsNamed } from "./columns.tsx";
import { csvOf } from "./csv.ts";
import { rowsOf } from "./download.ts";
import { failures, filterSaid, hiddenFilters, MoreFilters } from "./more-filters.tsx";
import { Views } from "./views.tsx";

export default function DevicesPage() {
  const said = words("devices");
  const { filters, csv, csvDone } = words("views");
  const { pages, say } = words("common");
  const address = query.value;
  const asked = askedOf(address, Date.now());
  const searched = asked.search ?? asked.serial;
  const names = chosenColumns(address.get("columns")).join(",");
  // The words are new objects in another language, so that the columns are as well.
  const columns = useMemo(() => columnsNamed(names.split(",")), [names, said, filters]);
  const list = useList(
    ({ signal, cursor, limit }) =>
      api.get("/devices", { query: { ...asked, cursor, limit }, ...(signal && { signal }) }),
    [asked],
    { keeps: true, name: "devices" },
  );
  const download = useAction(async () => {
    const rows = await rowsOf(asked, columns);
    giveFile("devices.csv", csvOf(rows), "text/csv");
    news(csvDone(rows.length - 1));
  });
  const selection = useSelection();
  return (
    <>
      <PageHead
        title={pages.devices}
        actions={
          <>
            <Button icon="download" busy={download.busy} onClick={() => download.run()}>
              {csv}
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
        others={hiddenFilters()}
        said={filterSaid}
        filters={[
          { name: "state", title: said.state, options: Object.entries(said.states) },
          {
            name: "platform",
            title: said.platform,
            options: Object.entries(words("start").platform).filter(([name]) => name !== "unknown"),
          },
          { name: "failed", title: filters.failed, options: failures(address.get("failed")) },
          { name: "encrypted", title: said.encrypted, options: Object.entries(said.encryption) },
          { name: "seen", title: filters.seen, options: Object.entries(filters.seenIs) },
        ]}
      >
        <MoreFilters />
        <Views />
        <ChooseColumns />
      </FilterBar>
      <Table
        long
        label={pages.devices}
        list={list}
        {...(may("POST /batches") && { selection })}
        idOf={({ id }) => id}
        linkOf={({ id }) => `/devices/${encodeURIComponent(id)}`}
        sort={address.get("sort") ?? undefined}
        onSort={(sort) => setQuery({ sort })}
        columns={columns}
        empty={
          narrowing.some((name) => address.has(name)) ? (
            <Empty title={say.nothingFits} icon="search">
              {searched !== undefined && (
                <>
                  {said.wasDeleted} <Link to={`/kept/${encodeURIComponent(searched)}`}>{said.seeKept}</Link>
                </>
              )}
            </Empty>
          ) : (
            <Empty title={said.none} icon="device">
              {said.noneHint}
            </Empty>
          )
        }
      />
      <Batch
        ids={list.stale ? [] : list.items.map(({ id }) => id).filter(selection.has)}
        onDone={() => selection.all([])}
      />
    </>
  );
}

function useSelection() {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  return {
    has: (id: string) => marked.has(id),
    toggle: (id: string) => {
      const next = new Set(marked);
      if (!next.delete(id)) next.add(id);
      setMarked(next);
    },
    all: (ids: readonly string[]) => setMarked(new Set(ids)),
  };
}
