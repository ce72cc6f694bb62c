import { Trouble } from "../../trouble.ts";
import type { Runtime } from "../command.ts";
import { describe, findDevice } from "../find-device.ts";
import { libraryCommand } from "../library.ts";

export const command = libraryCommand<"/sets">({
  path: "/sets",
  one: "set",
  columns: [
    { title: "NAME", value: ({ name }) => name, gives: true },
    { title: "PROFILES", value: ({ profiles }) => profiles.length || "" },
    { title: "DECLARATIONS", value: ({ declarations }) => declarations.length || "" },
    { title: "FILTER", value: ({ filter }) => (filter ? JSON.stringify(filter) : ""), gives: true },
    { title: "DESCRIPTION", value: ({ description }) => description, gives: true },
  ],
  more: {
    give: { words: "NAME DEVICE", count: 2, run: (words, runtime) => change("give", words, runtime) },
    take: { words: "NAME DEVICE", count: 2, run: (words, runtime) => change("take", words, runtime) },
  },
  also: 'FILE is JSON: {"profiles": ["com.example.wifi"], "filter": {"platform": "macos"}}; - reads standard input.',
});

async function change(
  what: "give" | "take",
  [name = "", word = ""]: readonly string[],
  { api, screen }: Runtime,
): Promise<void> {
  const device = await findDevice(api, word);
  const body = { give: [], take: [], [what]: [device.id] };
  const changed = await api.post("/sets/{name}/channels", { path: { name }, body });
  if (changed.unknown.length > 0) throw new Trouble(`${describe(device)} is not in the directory any more`);
  if (screen.isJson) screen.json(changed);
  else screen.say(`${describe(device)} ${what === "give" ? "has" : "no longer has"} the set ${name}.`);
}
