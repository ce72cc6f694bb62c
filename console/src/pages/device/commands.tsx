import { useEffect } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useList } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import type { Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import type { DeviceProps } from "./page.tsx";

type Command = Schemas["Command"];

const tones: Record<Command["state"], Tone> = {
  queued: "info",
  sent: "info",
  not_now: "warn",
  acknowledged: "good",
  error: "bad",
  format_error: "bad",
  cancelled: "quiet",
  expired: "quiet",
};

const waits = ({ state }: Command): boolean => state === "queued" || state === "sent" || state === "not_now";

export function Commands({ device: { id } }: DeviceProps) {
  const said = words("devices").commands;
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/devices/{id}/commands", { path: { id }, query: { cursor }, ...(signal && { signal }) }),
    [id],
  );
  const anyWaits = list.items.some(waits);
  // What waits is looked at again, until it has an end.
  useEffect(() => {
    if (!anyWaits) return;
    const timer = setInterval(() => document.hidden || list.reload(), 5000);
    return () => clearInterval(timer);
  }, [anyWaits, list.reload]);
  const cancel = useAction(async ({ uuid }: Command) => {
    await api.delete("/devices/{id}/commands/{uuid}", { path: { id, uuid } });
    say(said.cancelled);
    list.reload();
  });
  return (
    <>
      <FaultNote fault={cancel.fault} />
      <Table
        label={words("devices").tabs.commands}
        list={list}
        idOf={({ uuid }) => uuid}
        columns={[
          { key: "type", title: said.command, cell: ({ request_type }) => <code>{request_type}</code> },
          {
            key: "state",
            title: words("devices").state,
            cell: ({ state, error }) => (
              <>
                <Badge tone={tones[state]}>{said.states[state]}</Badge>
                {error !== null && <div class="hint">{error}</div>}
              </>
            ),
          },
          { key: "queued", title: said.queued, cell: ({ queued_at }) => <Time at={queued_at} /> },
          {
            key: "finished",
            title: said.finished,
            wide: true,
            cell: ({ finished_at }) => finished_at && <Time at={finished_at} />,
          },
          {
            key: "by",
            title: said.by,
            wide: true,
            cell: ({ origin }) => <span class="quiet">{origin}</span>,
          },
          ...(may("DELETE /devices/{id}/commands/{uuid}")
            ? [
                {
                  key: "cancel",
                  title: "",
                  cell: (command: Command) =>
                    waits(command) && (
                      <Button small kind="quiet" onClick={() => cancel.run(command)}>
                        {said.cancel}
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
        empty={<Empty title={said.none} icon="send" />}
      />
    </>
  );
}
