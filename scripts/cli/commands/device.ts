import type { Schemas } from "../../../client/src/index.ts";
import type { Command } from "../command.ts";
import { type FoundDevice, findDevice } from "../find-device.ts";
import { all } from "../lists.ts";
import { relative } from "../times.ts";

export const command: Command = {
  words: "DEVICE",
  count: [1, 1],
  also: "DEVICE is an id, a serial number or a name; a beginning that only one device has is enough.",
  async run({ words: [word = ""] }, { api, screen }) {
    const device = await findDevice(api, word);
    const path = { id: device.id };
    const [sets, { items: profiles }, declarations, { items: events }] = await Promise.all([
      api.get("/devices/{id}/sets", { path }),
      api.get("/devices/{id}/profiles", { path }),
      all(api.list("/devices/{id}/declarations", { path })),
      api.get("/devices/{id}/events", { path, query: { limit: 8 } }),
    ]);
    if (screen.isJson) return screen.json({ ...device, sets, profiles, declarations });
    screen.heading(device.name ?? device.serial ?? device.id);
    screen.facts(factsOf(device));
    const assigned = [
      ...nameOf(device.naming),
      ...profiles.map(ofProfile),
      ...declarations.map(ofDeclaration),
    ];
    if (assigned.length > 0) {
      screen.say();
      screen.table(assigned, [
        { title: "ASSIGNED", value: ({ name }) => name, gives: true },
        { title: "KIND", value: ({ kind }) => kind },
        {
          title: "STATE",
          value: ({ state }) => state,
          style: ({ state }) => (state === "failed" || state === "invalid" ? "red" : undefined),
        },
        { title: "WHY", value: ({ why }) => why, gives: true },
      ]);
    }
    if (events.length > 0) screen.say();
    for (const { name, at: when } of events) screen.say(`  ${relative(when).padEnd(12)}${name}`);
    return undefined;
  },
};

type Assigned = { name: string; kind: string; state: string; why: string | null };

const ofProfile = ({ identifier, state, reason }: Schemas["AssignedProfile"]): Assigned => ({
  name: identifier,
  kind: "profile",
  state,
  why: reason,
});

const ofDeclaration = ({ identifier, state, reported }: Schemas["ChannelDeclaration"]): Assigned => ({
  name: identifier,
  kind: "declaration",
  state,
  why: (reported?.reasons ?? []).map(({ description, code }) => description ?? code).join("; "),
});

const nameOf = (naming: FoundDevice["naming"]): Assigned[] =>
  naming
    ? [{ name: naming.name ?? `of ${naming.set}`, kind: "name", state: naming.state, why: naming.reason }]
    : [];

const factsOf = (device: FoundDevice) => ({
  id: device.id,
  serial: device.serial,
  state: device.state,
  model: [device.model_name, device.product_name].filter(Boolean).join(", "),
  system: [device.platform, device.os_version, device.build && `(${device.build})`].filter(Boolean).join(" "),
  supervised: yes(device.supervised),
  encrypted: yes(device.encrypted),
  passcode: yes(device.passcode_compliant),
  "lost mode": device.lost_mode === true ? "on" : undefined,
  "activation lock": yes(device.activation_lock),
  tags: device.tags.join(", "),
  attributes: Object.entries(device.attributes)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", "),
  notes: device.notes,
  enrolled: relative(device.enrolled_at),
  seen: relative(device.last_seen_at),
  "waiting commands": device.waiting_commands || undefined,
});

const yes = (value: boolean | null): string | undefined =>
  value === null ? undefined : value ? "yes" : "no";
