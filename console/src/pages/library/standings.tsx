// Which devices have a profile, and why not.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useList } from "../../api/resource.ts";
import { Link } from "../../parts/button.tsx";
import { SelectField } from "../../parts/form.tsx";
import { Section, type Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { words } from "../../words/words.ts";

type State = Schemas["ProfileStanding"]["state"];

const tones: Record<State, Tone> = {
  pending: "info",
  installed: "good",
  failed: "bad",
  not_applicable: "quiet",
  removing: "info",
};

export function Standings({
  identifier,
  state,
  onState,
}: {
  identifier: string;
  state: string;
  onState: (state: string) => void;
}) {
  const said = words("library");
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/profiles/{identifier}/devices", {
        path: { identifier },
        query: { cursor, ...(state !== "" && { state: state as State }) },
        ...(signal && { signal }),
      }),
    [identifier, state],
  );
  return (
    <Section title={said.onDevices}>
      <SelectField
        label={said.state}
        value={state}
        options={[["", words("common").say.all] as const, ...Object.entries(said.states)]}
        onChange={onState}
      />
      <Table
        label={said.onDevices}
        list={list}
        idOf={({ device_id, channel }) => `${device_id} ${channel ?? ""}`}
        columns={[
          {
            key: "device",
            title: said.device,
            cell: ({ device_id, name, serial }) => (
              <Link to={`/devices/${encodeURIComponent(device_id)}/assigned`}>
                {name ?? serial ?? device_id}
              </Link>
            ),
          },
          {
            key: "state",
            title: said.state,
            cell: ({ state: now, reason }) => (
              <>
                <Badge tone={tones[now]}>{said.states[now]}</Badge>
                {reason !== null && <p class="hint">{reason}</p>}
              </>
            ),
          },
          { key: "version", title: said.version, number: true, cell: ({ version }) => version ?? "–" },
          {
            key: "since",
            title: said.changed,
            wide: true,
            cell: ({ updated_at }) => <Time at={updated_at} />,
          },
        ]}
        empty={<Empty title={said.onNoDevice} icon="device" />}
      />
    </Section>
  );
}
