// Update policies: the list, or one of them with the progress of its devices.
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useList } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Badge, Empty } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { go, query, setQuery } from "../../shell/router.ts";
import { words } from "../../words/words.ts";
import { NewPolicy } from "./edit.tsx";
import { OnePolicy } from "./one.tsx";
import { platformNames, targetOf } from "./said.ts";

export default function UpdatesPage({ params: { name } }: PageProps) {
  return name === undefined ? <AllPolicies /> : <OnePolicy key={name} name={name} />;
}

function AllPolicies() {
  const said = words("updates");
  const { pages } = words("common");
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/software-updates/policies", { query: { cursor }, ...(signal && { signal }) }),
    [],
  );
  const add = (
    <Button
      kind="primary"
      icon="enroll"
      may="PUT /software-updates/policies/{name}"
      onClick={() => setQuery({ new: "yes" })}
    >
      {said.new}
    </Button>
  );
  const close = () => setQuery({ new: undefined });
  return (
    <>
      <PageHead title={pages.updates} lead={said.lead} actions={list.items.length > 0 && add} />
      <Table
        label={pages.updates}
        list={list}
        idOf={({ name }) => name}
        linkOf={({ name }) => `/updates/${encodeURIComponent(name)}`}
        columns={[
          { key: "name", title: said.name, cell: ({ name }) => name },
          { key: "target", title: said.target, cell: targetOf },
          {
            key: "platforms",
            title: said.platforms,
            wide: true,
            cell: ({ platforms }) => platformNames(platforms),
          },
          {
            key: "reach",
            title: said.enforces,
            cell: ({ audience, enforces }) => (
              <span class="badges">
                {audience === "nobody" && <Badge tone="warn">{said.nobody}</Badge>}
                {enforces.every(({ version }) => version === null) && (
                  <span class="quiet">{said.unknownVersion}</span>
                )}
                {[...new Set(enforces.map(({ version }) => version))].map(
                  (version) => version !== null && <Badge key={version}>{version}</Badge>,
                )}
              </span>
            ),
          },
        ]}
        empty={
          <Empty title={said.none} icon="update" action={add}>
            {said.noneHint}
          </Empty>
        }
      />
      {query.value.get("new") === "yes" && may("PUT /software-updates/policies/{name}") && (
        <Dialog title={said.form.newTitle} onClose={close}>
          <NewPolicy
            onCancel={close}
            onDone={(name) => void go(`/updates/${encodeURIComponent(name)}`, { replace: true })}
          />
        </Dialog>
      )}
    </>
  );
}
