import { useState } from "preact/hooks";
import { api } from "../../api/api.ts";
import { useAction, useList } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { type Command, commandTones, GiveAgain, OpenCommand, Origin, waits } from "./command.tsx";
import type { DeviceProps } from "./device-props.ts";
import { usePolling } from "./polling.ts";

export function Commands({ device: { id, state: deviceState } }: DeviceProps) {
  const said = words("devices").commands;
  const { command: one, again } = words("device");
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/devices/{id}/commands", { path: { id }, query: { cursor }, ...(signal && { signal }) }),
    [id],
  );
  const [open, setOpen] = useState<Command>();
  usePolling(list.items.some(waits), list.reload);
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
              <div class="device-standing">
                <div>
                  <Badge tone={commandTones[state]}>{said.states[state]}</Badge>
                </div>
                {error !== null && <div>{error}</div>}
                {state === "error" && <div class="hint">{again.hints.command}</div>}
              </div>
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
            cell: ({ origin }) => <Origin of={origin} />,
          },
          {
            key: "do",
            title: "",
            cell: (command) => (
              <div class="actions">
                {deviceState === "enrolled" && <GiveAgain id={id} command={command} onDone={list.reload} />}
                {waits(command) && (
                  <Button
                    small
                    kind="quiet"
                    may="DELETE /devices/{id}/commands/{uuid}"
                    onClick={() => cancel.run(command)}
                  >
                    {said.cancel}
                  </Button>
                )}
                <Button small kind="quiet" icon="eye" onClick={() => setOpen(command)}>
                  {one.open}
                </Button>
              </div>
            ),
          },
        ]}
        empty={<Empty title={said.none} icon="send" />}
      />
      {open && (
        <OpenCommand
          id={id}
          uuid={open.uuid}
          channel={open.channel}
          onClose={() => setOpen(undefined)}
          onDone={list.reload}
        />
      )}
    </>
  );
}
