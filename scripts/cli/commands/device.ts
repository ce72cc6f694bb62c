import type { Json } from "../api.ts";
import type { Command } from "../command.ts";
import { findDevice } from "../find-device.ts";
import { relative } from "../times.ts";

export const command: Command = {
  words: "DEVICE",
  count: [1, 1],
  also: "DEVICE is an id, a serial number or a name; a beginning that only one device has is enough.",
  async run({ words: [word = ""] }, { api, screen }) {
    const device = await findDevice(api, word);
    const at = `/devices/${encodeURIComponent(device.id)}`;
    const [sets, profiles, declarations, events] = await Promise.all([
      api.get(`${at}/sets`),
      api.get(`${at}/profiles`),
      api.get(`${at}/declarations`),
      api.get(`${at}/events`, { limit: "8" }),
    ]);
    if (screen.isJson)
      return screen.json({ ...device, sets, profiles: profiles.items, declarations: declarations.items });
    screen.heading(String(device.name ?? device.serial ?? device.id));
    screen.facts(factsOf(device));
    const assigned = [...assignedOf(profiles, "profile"), ...assignedOf(declarations, "declaration")];
    if (assigned.length > 0) {
      screen.say();
      screen.table(assigned, [
        { title: "ASSIGNED", value: ({ name }) => name, gives: true },
        { title: "KIND", value: ({ kind }) => kind },
        {
          title: "STATE",
          value: ({ state }) => state,
          style: ({ state }) => (state === "failed" ? "red" : undefined),
        },
        { title: "WHY", value: ({ why }) => why, gives: true },
      ]);
    }
    const happened = events.items as Json[];
    if (happened.length > 0) screen.say();
    for (const { name, at: when } of happened) screen.say(`  ${relative(when).padEnd(12)}${name}`);
    return undefined;
  },
};

type Assigned = { name: string; kind: string; state: string; why: string };

function assignedOf({ items = [] }: Json, kind: string): Assigned[] {
  return (items as Json[]).map((item) => ({
    name: String(item.identifier ?? ""),
    kind,
    state: String(item.state ?? (item.valid === "invalid" ? "failed" : (item.valid ?? ""))),
    why: reasonOf(item.error ?? item.detail ?? item.withheld),
  }));
}

function reasonOf(error: unknown): string {
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null) return "";
  const { detail, description, reason } = error as Json;
  return String(detail ?? description ?? reason ?? "");
}

const factsOf = (device: Json) => ({
  id: device.id as string,
  serial: device.serial as string,
  state: device.state as string,
  model: [device.model_name, device.product_name].filter(Boolean).join(", "),
  system: [device.platform, device.os_version, device.build && `(${device.build})`].filter(Boolean).join(" "),
  supervised: yes(device.supervised),
  encrypted: yes(device.encrypted),
  passcode: yes(device.passcode_compliant),
  "lost mode": device.lost_mode === true ? "on" : undefined,
  "activation lock": yes(device.activation_lock),
  tags: (device.tags as string[] | undefined)?.join(", "),
  notes: device.notes as string,
  enrolled: relative(device.enrolled_at),
  seen: relative(device.last_seen_at),
  "waiting commands": (device.waiting_commands as number) || undefined,
});

const yes = (value: unknown): string | undefined =>
  typeof value === "boolean" ? (value ? "yes" : "no") : undefined;
