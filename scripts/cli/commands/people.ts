import type { Schemas } from "../../../client/src/index.ts";
import { Trouble } from "../../trouble.ts";
import type { Command } from "../command.ts";
import { all } from "../lists.ts";
import type { Column } from "../screen.ts";
import { relative } from "../times.ts";

const columns: readonly Column<Schemas["Person"]>[] = [
  { title: "NAME", value: ({ name }) => name, gives: true },
  { title: "EMAIL", value: ({ email, account }) => email ?? account, gives: true },
  { title: "DEPARTMENT", value: ({ department }) => department, gives: true },
  { title: "SIGNED IN", value: ({ signed_in_at }) => (signed_in_at ? relative(signed_in_at) : "") },
];

export const command: Command = {
  words: "[EMAIL]",
  count: [0, 1],
  options: { department: { takes: "NAME", help: "the people of this department" } },
  also: "With EMAIL: the person and the devices that belong to the person.",
  async run({ words: [email], value }, { api, screen }) {
    const people = await all(api.list("/people", { query: { email, department: value("department") } }));
    if (email === undefined) {
      if (screen.isJson) return screen.json(people);
      if (people.length === 0)
        return screen.note("nobody is known: people come from sign-ins, the API or a table");
      return screen.table(people, columns);
    }
    const [person] = people;
    if (person === undefined) throw new Trouble(`nobody has the address ${email}`);
    const devices = await all(api.list("/people/{id}/devices", { path: { id: person.id } }));
    if (screen.isJson) return screen.json({ ...person, devices });
    screen.table([person], columns);
    if (devices.length === 0) return screen.note("no device belongs to this person");
    return screen.table(devices, [
      { title: "DEVICE", value: ({ name, serial, id }) => name ?? serial ?? id, gives: true },
      { title: "MODEL", value: ({ product_name, model_name }) => model_name ?? product_name, gives: true },
      { title: "SEEN", value: ({ last_seen_at }) => relative(last_seen_at) },
    ]);
  },
};
