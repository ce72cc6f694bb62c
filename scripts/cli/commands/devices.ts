import { setTimeout as delay } from "node:timers/promises";
import type { Operations, Schemas } from "../../../client/src/index.ts";
import type { Command, Given, Runtime } from "../command.ts";
import { all } from "../lists.ts";
import type { Column } from "../screen.ts";
import { relative } from "../times.ts";

/** The filters of the API's list, which checks them. */
export const filters = {
  state: {
    takes: "STATE",
    help: "pending, enrolled, unenrolled or erased (enrolled unless told; `any` for all)",
  },
  platform: { takes: "PLATFORM", help: "ios, ipados, macos, tvos, visionos or watchos" },
  os: { takes: "VERSION", help: "a version of the system, or its beginning" },
  "os-min": { takes: "VERSION", help: "this version or newer" },
  "os-max": { takes: "VERSION", help: "this version or older" },
  user: { takes: "TEXT", help: "whose device it is" },
  "user-email": { takes: "ADDRESS", help: "devices of the person with this address" },
  "user-department": { takes: "NAME", help: "devices of the people of this department" },
  tag: { takes: "TAG", help: "devices with this tag" },
  encrypted: { takes: "YES", help: "true or false" },
  supervised: { takes: "YES", help: "true or false" },
  "seen-before": { takes: "TIME", help: "silent since then, such as 2026-11-01T00:00:00Z" },
  search: { takes: "TEXT", help: "beginnings of words in the name, serial number, id, model, user" },
} as const;

type DeviceFilter = NonNullable<Operations["get"]["/devices"]["query"]>;

/** As it was typed: the server knows what is right. */
export function filterOf({ value }: Given): DeviceFilter {
  const given = Object.keys(filters).flatMap((name): [string, string][] => {
    const text = value(name);
    return text === undefined ? [] : [[name.replaceAll("-", "_"), text]];
  });
  const { state = "enrolled", ...others } = Object.fromEntries(given);
  return (state === "any" ? others : { ...others, state }) as DeviceFilter;
}

const columns: readonly Column<Schemas["Device"]>[] = [
  { title: "NAME", value: ({ name }) => name, gives: true },
  { title: "SERIAL", value: ({ serial }) => serial },
  {
    title: "MODEL",
    value: ({ product_name, model_name }) => model_name ?? product_name,
    gives: true,
  },
  { title: "OS", value: ({ platform, os_version }) => [platform, os_version].filter(Boolean).join(" ") },
  { title: "STATE", value: ({ state }) => (state === "enrolled" ? "" : state) },
  {
    title: "ENCRYPTED",
    value: ({ encrypted }) => (encrypted === false ? "no" : ""),
    style: ({ encrypted }) => (encrypted === false ? "red" : undefined),
  },
  { title: "SEEN", value: ({ last_seen_at }) => relative(last_seen_at) },
];

const rhythmMs = 5_000;
const mostShown = 1_000;

export const command: Command = {
  options: {
    ...filters,
    sort: {
      takes: "FIELD",
      help: "id, name, serial, os_version, enrolled_at or last_seen_at; -name from the highest down",
    },
    all: { help: `more than ${mostShown}` },
    watch: { help: "show it again every five seconds" },
  },
  async run(given, { api, screen }) {
    const query = { ...filterOf(given), sort: given.value("sort") as DeviceFilter["sort"] };
    do {
      const devices = await all(
        api.list("/devices", { query }),
        given.has("all") ? Number.POSITIVE_INFINITY : mostShown,
      );
      if (given.has("watch") && process.stdout.isTTY) process.stdout.write("\u001b[2J\u001b[H");
      show(devices, screen, given.has("all"));
      if (given.has("watch")) await delay(rhythmMs);
    } while (given.has("watch"));
  },
};

function show(devices: readonly Schemas["Device"][], screen: Runtime["screen"], isWhole: boolean): void {
  if (screen.isJson) screen.json(devices);
  else if (devices.length === 0) screen.note("no device matches");
  else screen.table(devices, columns);
  if (!isWhole && devices.length === mostShown)
    screen.note(`these are the first ${mostShown}: narrow the list, or --all`);
}
