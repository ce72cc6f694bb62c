// What the console says, by room and language: `words/en/<room>.ts` is the type of `words/<language>/<room>.ts`. A page
// names its rooms in `shell/routes.ts`, and they are there before it is drawn.
import { signal } from "@preact/signals";
import type apple from "./en/apple.ts";
import type common from "./en/common.ts";
import type device from "./en/device.ts";
import type devices from "./en/devices.ts";
import type enrollment from "./en/enrollment.ts";
import type events from "./en/events.ts";
import type library from "./en/library.ts";
import type operations from "./en/operations.ts";
import type payloads from "./en/payloads.ts";
import type people from "./en/people.ts";
import type rollouts from "./en/rollouts.ts";
import type start from "./en/start.ts";
import type updates from "./en/updates.ts";
import type views from "./en/views.ts";
import { type Language, language, rememberLanguage } from "./language.ts";

export type Rooms = {
  apple: typeof apple;
  common: typeof common;
  device: typeof device;
  devices: typeof devices;
  enrollment: typeof enrollment;
  events: typeof events;
  library: typeof library;
  operations: typeof operations;
  people: typeof people;
  payloads: typeof payloads;
  rollouts: typeof rollouts;
  start: typeof start;
  updates: typeof updates;
  views: typeof views;
};

export type Room = keyof Rooms;

const loaded = signal<Partial<Record<Room, unknown>>>({});

/** The words of a room that was loaded, in the language of now. */
export const words = <Name extends Room>(room: Name): Rooms[Name] => loaded.value[room] as Rooms[Name];

/** The words of a room in another language. What it lacks is said in English. */
export type Translation<Words> = {
  readonly [Key in keyof Words]?: Words[Key] extends (...given: never[]) => string
    ? Words[Key]
    : Words[Key] extends string
      ? string
      : Translation<Words[Key]>;
};

type Table = { readonly [name: string]: unknown };

const english = async (room: Room): Promise<Table> => (await import(`./en/${room}.ts`)).default as Table;

async function load(room: Room, wanted: Language): Promise<Table> {
  if (wanted === "en") return english(room);
  const translated = import(`./${wanted}/${room}.ts`).then(
    (loaded) => loaded.default as Table,
    () => ({}),
  );
  return over(await english(room), await translated);
}

function over(base: Table, change: Table): Table {
  const changed = Object.entries(change).map(([name, said]): [string, unknown] => {
    const before = base[name];
    const isTable = typeof said === "object" && typeof before === "object";
    return [name, isTable ? over(before as Table, said as Table) : said];
  });
  return { ...base, ...Object.fromEntries(changed) };
}

export async function loadWords(rooms: readonly Room[]): Promise<void> {
  const missing = rooms.filter((room) => !(room in loaded.peek()));
  if (missing.length === 0) return;
  const wanted = language.peek();
  const found = await Promise.all(missing.map((room) => load(room, wanted)));
  loaded.value = { ...loaded.peek(), ...Object.fromEntries(missing.map((room, at) => [room, found[at]])) };
}

/** All that is in sight changes at once. */
export async function speak(chosen: Language): Promise<void> {
  const rooms = Object.keys(loaded.peek()) as Room[];
  const found = await Promise.all(rooms.map((room) => load(room, chosen)));
  rememberLanguage(chosen);
  document.documentElement.lang = chosen;
  language.value = chosen;
  loaded.value = Object.fromEntries(rooms.map((room, at) => [room, found[at]]));
}

/** Before anything is drawn. */
export async function beginToSpeak(first: Language): Promise<void> {
  language.value = first;
  document.documentElement.lang = first;
  await loadWords(["common"]);
}
