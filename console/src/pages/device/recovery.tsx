// The values that open a device again. Each is read only when it is asked for: the audit log says who read it.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Card, Facts } from "../../parts/page.tsx";
import { Copyable, Empty, Time } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import type { DeviceProps } from "./page.tsx";

type Name = Schemas["EscrowValues"]["name"];

export function Recovery({ device: { id } }: DeviceProps) {
  const said = words("devices").recovery;
  const kept = useResource((signal) => api.get("/devices/{id}/escrow", { path: { id }, signal }), [id]);
  return (
    <Load of={kept} rows={4}>
      {({ items }) => {
        const names = [...new Set(items.map(({ name }) => name as Name))];
        if (names.length === 0) return <Empty title={said.none} icon="key" />;
        return (
          <Card>
            <Facts
              items={names.map((name) => [
                said.names[name],
                <Value
                  key={name}
                  device={id}
                  name={name}
                  storedAt={items.find((item) => item.name === name)?.stored_at}
                />,
              ])}
            />
          </Card>
        );
      }}
    </Load>
  );
}

function Value({ device: id, name, storedAt }: { device: string; name: Name; storedAt: string | undefined }) {
  const said = words("devices").recovery;
  const [shown, setShown] = useState<string | null>();
  const read = useAction(async () => {
    setShown((await api.get("/devices/{id}/escrow/{name}", { path: { id, name } })).value);
  });
  const ask = async () => {
    if (await confirm({ title: said.names[name], text: said.showText, yes: said.show })) await read.run();
  };
  const rotate = useAction(async () => {
    await api.post("/devices/{id}/escrow/managed-admin/rotate", { path: { id } });
    setShown(undefined);
    say(words("devices").act.given);
  });
  return (
    <>
      <Time at={storedAt} /> {typeof shown === "string" && <Copyable text={shown} />}
      {shown === null && <span class="quiet">{said.noCurrent}</span>}
      {shown === undefined && may("GET /devices/{id}/escrow/{name}") && (
        <Button small busy={read.busy} onClick={ask}>
          {said.show}
        </Button>
      )}
      {name === "managed-admin" && (
        <Button
          small
          may="POST /devices/{id}/escrow/managed-admin/rotate"
          busy={rotate.busy}
          onClick={() => rotate.run()}
        >
          {said.rotate}
        </Button>
      )}
      <FaultNote fault={read.fault ?? rotate.fault} />
    </>
  );
}
