import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useList } from "../../api/resource.ts";
import type { Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { words } from "../../words/words.ts";
import type { DeviceProps } from "./page.tsx";

const tones: Record<Schemas["AssignedProfile"]["state"], Tone> = {
  pending: "info",
  installed: "good",
  failed: "bad",
  not_applicable: "quiet",
  removing: "info",
};

/** What it should have against what it has; what failed says why. */
export function Assigned({ device: { id } }: DeviceProps) {
  const said = words("devices");
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/devices/{id}/profiles", {
        path: { id },
        query: { cursor },
        ...(signal && { signal }),
      } as Parameters<typeof api.get<"/devices/{id}/profiles">>[1]),
    [id],
  );
  return (
    <Table
      label={said.tabs.assigned}
      list={list}
      idOf={({ identifier, channel }) => `${identifier} ${channel ?? ""}`}
      columns={[
        { key: "identifier", title: said.assigned.profiles, cell: ({ identifier }) => identifier },
        {
          key: "state",
          title: said.state,
          cell: ({ state, reason, attempts, retry_at }) => (
            <>
              <Badge tone={tones[state]}>{said.assigned.states[state]}</Badge>
              {reason !== null && <div class="hint">{reason}</div>}
              {state === "failed" && (
                <div class="hint">
                  {said.assigned.attempts(attempts)}
                  {retry_at !== null && (
                    <>
                      {" "}
                      · {said.assigned.retry} <Time at={retry_at} />
                    </>
                  )}
                </div>
              )}
            </>
          ),
        },
      ]}
      empty={<Empty title={said.assigned.none} icon="profile" />}
    />
  );
}
