// People: the list with a search, or one of them with the person's devices.
import { useEffect } from "preact/hooks";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useList } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Loading } from "../../parts/fault.tsx";
import { FilterBar } from "../../parts/filters.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { go, query, setQuery } from "../../shell/router.ts";
import { words } from "../../words/words.ts";
import { NewPerson } from "./edit.tsx";
import { OnePerson } from "./one.tsx";

export default function PeoplePage({ params: { id } }: PageProps) {
  return id === undefined ? <AllPeople /> : <OnePerson key={id} id={id} />;
}

function AllPeople() {
  const said = words("people");
  const { pages } = words("common");
  const { search, department } = Object.fromEntries(query.value);
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/people", { query: { search, department, cursor }, ...(signal && { signal }) }),
    [search, department],
  );
  // A page of a search may be empty, and its next one not.
  const seeks = list.items.length === 0 && list.more !== undefined && list.fault === undefined;
  useEffect(() => {
    if (seeks && !list.loading) list.more?.();
  }, [seeks, list.loading]);
  const add = (
    <Button kind="primary" icon="enroll" may="POST /people" onClick={() => setQuery({ new: "yes" })}>
      {said.new}
    </Button>
  );
  const close = () => setQuery({ new: undefined });
  return (
    <>
      <PageHead title={pages.people} lead={said.lead} actions={add} />
      <FilterBar search="search" searchHint={said.search} others={["department"]} />
      <Table
        label={pages.people}
        list={list}
        idOf={({ id }) => id}
        linkOf={({ id }) => `/people/${encodeURIComponent(id)}`}
        columns={[
          {
            key: "name",
            title: said.name,
            cell: ({ name, email, account }) => (
              <span class="breakable">{name ?? email ?? account ?? said.untitled}</span>
            ),
          },
          { key: "email", title: said.email, cell: ({ email }) => <span class="breakable">{email}</span> },
          {
            key: "department",
            title: said.department,
            cell: ({ department: of }) => <span class="breakable">{of}</span>,
          },
          {
            key: "account",
            title: said.account,
            wide: true,
            cell: ({ account }) => <span class="breakable">{account}</span>,
          },
          {
            key: "signed",
            title: said.signedIn,
            wide: true,
            cell: ({ signed_in_at }) => <Time at={signed_in_at} />,
          },
        ]}
        empty={
          seeks ? (
            <Loading rows={6} />
          ) : search || department ? (
            <Empty title={said.nobodyFits} icon="people" />
          ) : (
            <Empty title={said.none} icon="people">
              {said.noneHint}
            </Empty>
          )
        }
      />
      {query.value.get("new") === "yes" && may("POST /people") && (
        <Dialog title={said.new} onClose={close}>
          <NewPerson
            onCancel={close}
            onDone={(id) => void go(`/people/${encodeURIComponent(id)}`, { replace: true })}
          />
        </Dialog>
      )}
    </>
  );
}
