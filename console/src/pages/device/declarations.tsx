// What a channel should have as declarations, with what it reported: of the device itself, and of each of its users.
import type { ComponentChildren } from "preact";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import type { List, Resource } from "../../api/resource.ts";
import { FaultNote } from "../../parts/fault.tsx";
import { Section } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { words } from "../../words/words.ts";

export type Declaration = Schemas["ChannelDeclaration"];
export type OfUser = { channel: string; user: string; items: Declaration[] };

/** The channels of people on the device, each with its declarations: as many as a page has. */
export async function readOfUsers(id: string, signal: AbortSignal): Promise<OfUser[]> {
  const { items: channels } = await api.get("/devices/{id}/channels", { path: { id }, signal });
  const users = channels.flatMap(({ id: channel, user_long_name, user_short_name }) =>
    channel === null ? [] : [{ channel, user: user_long_name ?? user_short_name ?? channel }],
  );
  return await Promise.all(
    users.map(async ({ channel, user }) => {
      const query = { channel, limit: 200 };
      const { items } = await api.get("/devices/{id}/declarations", { path: { id }, query, signal });
      return { channel, user, items };
    }),
  );
}

export function DeclarationsOfUsers({
  of,
  stateOf,
}: {
  of: Resource<OfUser[]>;
  stateOf: (declaration: Declaration, channel: string) => ComponentChildren;
}) {
  const said = words("device").assigned;
  const all = of.value ?? [];
  const without = all.filter(({ items }) => items.length === 0);
  return (
    <>
      <FaultNote fault={of.fault} retry={of.reload} />
      {all
        .filter(({ items }) => items.length > 0)
        .map(({ channel, user, items }) => (
          <Section key={channel} title={said.declarationsOf(user)}>
            <Declarations
              label={said.declarationsOf(user)}
              list={{ items, fault: undefined, loading: false, more: undefined, reload: of.reload }}
              stateOf={(declaration) => stateOf(declaration, channel)}
            />
          </Section>
        ))}
      {without.length > 0 && (
        <p class="hint">{said.noneOfTheirOwn(without.map(({ user }) => user).join(", "))}</p>
      )}
    </>
  );
}

export function Declarations({
  label,
  list,
  stateOf,
}: {
  label: string;
  list: List<Declaration>;
  stateOf: (declaration: Declaration) => ComponentChildren;
}) {
  const said = words("device").assigned;
  return (
    <Table
      label={label}
      list={list}
      idOf={({ identifier }) => identifier}
      columns={[
        {
          key: "identifier",
          title: words("devices").name,
          cell: ({ identifier, type }) => (
            <div class="breakable">
              {identifier}
              <div class="hint">{type}</div>
            </div>
          ),
        },
        { key: "state", title: words("devices").state, cell: stateOf },
      ]}
      empty={<p class="hint">{said.noDeclarations}</p>}
    />
  );
}
