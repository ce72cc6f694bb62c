// The devices of a person, and giving one or taking one away.
import { useEffect, useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useList, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { TextField } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type Device = Schemas["Device"];

const nameOf = ({ name, serial, id }: Device): string => name ?? serial ?? id;
const belong = (device: Device, person_id: string | null) =>
  api.patch("/devices/{id}", { path: { id: device.id }, body: { person_id } });

export function DevicesOfPerson({ id, onCount }: { id: string; onCount: (devices: number) => void }) {
  const said = words("people");
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/people/{id}/devices", { path: { id }, query: { cursor }, ...(signal && { signal }) }),
    [id],
  );
  useEffect(() => onCount(list.items.length), [list.items.length]);
  const take = useAction(async (device: Device) => {
    const yes = await confirm({
      title: said.takeTitle(nameOf(device)),
      text: said.takeText,
      yes: said.take,
      danger: true,
    });
    if (!yes) return;
    await belong(device, null);
    say(said.takenAway);
    list.reload();
  });
  const takeAway: Column<Device> = {
    key: "take",
    title: "",
    cell: (device) => (
      <Button
        small
        kind="quiet"
        busy={take.busy}
        label={`${said.take}: ${nameOf(device)}`}
        onClick={() => take.run(device)}
      >
        {said.take}
      </Button>
    ),
  };
  return (
    <Section title={said.devices}>
      <FaultNote fault={take.fault} />
      <Table
        label={said.devices}
        list={list}
        idOf={(device) => device.id}
        linkOf={(device) => `/devices/${encodeURIComponent(device.id)}`}
        columns={[
          {
            key: "device",
            title: said.device,
            cell: (device) => <span class="breakable">{nameOf(device)}</span>,
          },
          { key: "serial", title: said.serial, cell: ({ serial }) => serial && <code>{serial}</code> },
          {
            key: "attributes",
            title: said.attributes,
            wide: true,
            cell: ({ tags, attributes }) => (
              <span class="badges">
                {[...tags, ...Object.entries(attributes).map(([key, value]) => `${key}: ${value}`)].map(
                  (text) => (
                    <Badge key={text}>{text}</Badge>
                  ),
                )}
              </span>
            ),
          },
          { key: "seen", title: said.seen, cell: ({ last_seen_at }) => <Time at={last_seen_at} /> },
          ...(may("PATCH /devices/{id}") ? [takeAway] : []),
        ]}
        empty={
          <Empty title={said.noDevices} icon="device">
            {may("PATCH /devices/{id}") && said.noDevicesHint}
          </Empty>
        }
      />
      {may("PATCH /devices/{id}") && <Give id={id} onGiven={list.reload} />}
    </Section>
  );
}

const shown = 8;

function Give({ id, onGiven }: { id: string; onGiven: () => void }) {
  const said = words("people");
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useResource(
    async (signal) =>
      search === ""
        ? undefined
        : (await api.get("/devices", { query: { search, limit: shown }, signal })).items.filter(
            ({ person_id }) => person_id !== id,
          ),
    [search, id],
  );
  const give = useAction(async (device: Device) => {
    const isOthers = device.person_id !== null;
    const question = { title: said.giveTitle(nameOf(device)), text: said.giveText, yes: said.give };
    if (isOthers && !(await confirm(question))) return;
    await belong(device, id);
    say(said.given);
    setTyped("");
    onGiven();
  });
  return (
    <div class="give-device">
      <TextField
        label={said.give}
        placeholder={said.giveSearch}
        type="search"
        value={typed}
        onInput={setTyped}
      />
      <FaultNote fault={give.fault ?? found.fault} />
      {found.value !== undefined && (
        <div role="status">
          <p class="hint">{found.value.length === 0 ? said.foundNone : said.found(found.value.length)}</p>
          <ul class="changes">
            {found.value.map((device) => (
              <li key={device.id}>
                <Button
                  small
                  icon="enroll"
                  busy={give.busy}
                  label={said.giveIt(nameOf(device))}
                  onClick={() => give.run(device)}
                />
                <span class="breakable">{nameOf(device)}</span>
                <code>{device.serial}</code>
                {device.person_id !== null && <span class="quiet">{said.taken}</span>}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
