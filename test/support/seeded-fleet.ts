/**
 * A directory full of believable devices, the same ones each time: for lists and searches at the size of a fleet.
 * Nothing here speaks to a device; rows only.
 */
import { allWords } from "../../src/db/directory.ts";
import { wordsOf } from "../../src/events/words.ts";
import { versionKey } from "../../src/mdm/platform.ts";

type Row = Record<string, string | number | null>;

export type SeededRows = Record<
  "devices" | "channels" | "device_tags" | "device_words" | "events" | "commands",
  Row[]
>;

/** Devices number `first` to `first + count - 1`, with all that the directory knows of them. */
export function seededRows(first: number, count: number, now: number): SeededRows {
  const rows: SeededRows = {
    devices: [],
    channels: [],
    device_tags: [],
    device_words: [],
    events: [],
    commands: [],
  };
  for (let number = first; number < first + count; number++) addDevice(rows, number, now);
  return rows;
}

/** Puts rows into a table with one statement, however many columns they have. */
export async function insertRows(db: D1Database, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  const values = columns.map((column) => `json_extract(value, '$.${column}')`);
  await db
    .prepare(
      `INSERT OR IGNORE INTO ${table} (${columns.join(", ")}) SELECT ${values.join(", ")} FROM json_each(?)`,
    )
    .bind(JSON.stringify(rows))
    .run();
}

const day = 24 * 60 * 60 * 1000;

const machines = [
  {
    share: 45,
    platform: "ios",
    model: "iPhone15,2",
    name: "iPhone",
    os: ["16.7.8", "17.6.1", "18.1", "18.2.1"],
  },
  { share: 25, platform: "ipados", model: "iPad13,18", name: "iPad", os: ["16.7.8", "17.6.1", "18.1"] },
  {
    share: 24,
    platform: "macos",
    model: "MacBookPro18,3",
    name: "MacBook Pro",
    os: ["13.6.9", "14.6.1", "15.1"],
  },
  { share: 4, platform: "tvos", model: "AppleTV11,1", name: "Apple TV", os: ["17.6", "18.1"] },
  { share: 1, platform: "watchos", model: "Watch7,1", name: "Apple Watch", os: ["10.6", "11.1"] },
  {
    share: 1,
    platform: "visionos",
    model: "RealityDevice14,1",
    name: "Apple Vision Pro",
    os: ["1.3", "2.1"],
  },
] as const;

const people = "Ada Ben Chloé Dmitri Elif Femi Grace Håkon Inés Jun Kofi Lena Mei Noor Óscar Priya".split(
  " ",
);
const families =
  "Adeyemi Berg Castro Dubois Eriksen Fischer García Haddad Ito Jensen Kaya Lindqvist Moreau".split(" ");
const tags = ["sales", "field", "lab", "kiosk", "lent", "finance", "school-7b", "spare"];

function addDevice(rows: SeededRows, number: number, now: number): void {
  const random = randomFrom(number);
  const machine = pickMachine(random() * 100);
  const person = pick(people, random);
  const family = pick(families, random);
  const shortName = `${person}.${family}${number % 997}`.toLowerCase();
  const id = `${hex(number, 8)}-${hex(Math.floor(random() * 2 ** 32), 16)}`.toUpperCase();
  const serial = `SN${hex(number * 7919, 8).toUpperCase()}`;
  const osVersion = pick(machine.os, random);
  const chance = random();
  const state = chance < 0.93 ? "enrolled" : chance < 0.99 ? "unenrolled" : "pending";
  const enrolledAt = now - Math.floor((10 + random() * 700) * day);
  const seen = state === "pending" ? null : now - Math.floor(random() ** 4 * 300 * day);
  const name = `${person} ${family}’s ${machine.name}`;
  rows.devices.push({
    id,
    state,
    kind: chance < 0.1 ? "user" : chance < 0.6 ? "ade" : "device",
    generation: state === "pending" ? 0 : 1,
    platform: machine.platform,
    name,
    serial,
    model: machine.model,
    model_name: machine.name,
    product_name: machine.model,
    os_version: osVersion,
    os_key: versionKey(osVersion) ?? 0,
    build: "22B83",
    awaiting_configuration: 0,
    notes: "",
    attributes: "{}",
    applied_seq: 1,
    created_at: enrolledAt,
    enrolled_at: state === "pending" ? null : enrolledAt,
    unenrolled_at: state === "unenrolled" ? seen : null,
    last_seen_at: seen,
  });
  const channel = {
    device_id: id,
    enabled: state === "enrolled" ? 1 : 0,
    topic: "com.apple.mgmt.External.seed",
    seq: 1,
  };
  rows.channels.push({
    ...channel,
    user_id: "",
    kind: "device",
    user_short_name: null,
    user_long_name: null,
  });
  const named = machine.platform === "macos" ? [shortName, `${person} ${family}`] : [];
  if (named.length > 0) {
    const [user_short_name = "", user_long_name = ""] = named;
    rows.channels.push({
      ...channel,
      user_id: `USER-${hex(number, 8)}`,
      kind: "mac_user",
      user_short_name,
      user_long_name,
    });
  }
  if (random() < 0.3) rows.device_tags.push({ tag: pick(tags, random), device_id: id });
  const words = wordsOf([id, name, serial, machine.model, machine.name, ...named]);
  for (const word of words) rows.device_words.push({ word, device_id: id, words: allWords(words) });
  const uuid = `SEED-${hex(number, 8)}`;
  const event = { device_id: id, user_id: null, at: enrolledAt };
  rows.events.push(
    { ...event, seq: 1, name: "device.enrolled", detail: "{}" },
    {
      ...event,
      seq: 2,
      name: "command.queued",
      detail: JSON.stringify({ uuid, request_type: "DeviceInformation" }),
    },
  );
  rows.commands.push({
    uuid,
    device_id: id,
    user_id: "",
    request_type: "DeviceInformation",
    state: "acknowledged",
    origin: "seed",
    seq: 2,
    queued_at: enrolledAt,
    finished_at: enrolledAt + 60_000,
  });
}

function pickMachine(percent: number): (typeof machines)[number] {
  let left = percent;
  for (const machine of machines) {
    left -= machine.share;
    if (left < 0) return machine;
  }
  return machines[0];
}

const pick = <Item>(items: readonly Item[], random: () => number): Item =>
  items[Math.floor(random() * items.length)] as Item;

const hex = (number: number, length: number): string =>
  number.toString(16).padStart(length, "0").slice(-length);

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
