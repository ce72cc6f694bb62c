import type { Runtime } from "../command.ts";
import { describe, findDevice } from "../find-device.ts";
import { libraryCommand } from "../library.ts";

export const command = libraryCommand({
  path: "/sets",
  one: "set",
  columns: [
    { title: "NAME", value: ({ name }) => name as string, gives: true },
    { title: "PROFILES", value: ({ profiles }) => (profiles as unknown[]).length || "" },
    { title: "DECLARATIONS", value: ({ declarations }) => (declarations as unknown[]).length || "" },
    { title: "FILTER", value: ({ filter }) => (filter ? JSON.stringify(filter) : ""), gives: true },
    { title: "DESCRIPTION", value: ({ description }) => description as string, gives: true },
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
  const json = { give: [], take: [], [what]: [device.id] };
  const changed = await api.json("POST", `/sets/${encodeURIComponent(name)}/channels`, { body: { json } });
  if (screen.isJson) screen.json(changed);
  else screen.say(`${describe(device)} ${what === "give" ? "has" : "no longer has"} the set ${name}.`);
}
