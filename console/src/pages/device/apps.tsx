import { api } from "../../api/api.ts";
import { useList } from "../../api/resource.ts";
import { Badge, Empty } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { words } from "../../words/words.ts";
import type { DeviceProps } from "./device-props.ts";

export function Apps({ device: { id } }: DeviceProps) {
  const said = words("devices");
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/devices/{id}/apps", { path: { id }, query: { cursor }, ...(signal && { signal }) }),
    [id],
  );
  return (
    <Table
      label={said.tabs.apps}
      list={list}
      idOf={({ identifier, name, version }) => `${identifier ?? ""} ${name ?? ""} ${version ?? ""}`}
      columns={[
        { key: "name", title: said.name, cell: ({ name, identifier }) => name ?? identifier },
        {
          key: "version",
          title: said.apps.version,
          cell: ({ short_version, version }) => short_version ?? version,
        },
        {
          key: "managed",
          title: said.apps.managed,
          cell: ({ managed }) => managed && <Badge tone="info">{said.apps.managedYes}</Badge>,
        },
      ]}
      empty={<Empty title={said.apps.none} icon="app" />}
    />
  );
}
