import type { Command } from "../command.ts";
import { all } from "../lists.ts";

export const command: Command = {
  words: "[BEGINNING]",
  count: [0, 1],
  options: { devices: { takes: "IDENTIFIER", help: "list the devices that have this app" } },
  also: "BEGINNING is of a bundle identifier, such as com.example.",
  async run({ words: [prefix], value }, { api, screen }) {
    const identifier = value("devices");
    if (identifier !== undefined) {
      const devices = await all(api.list("/installed-apps/{identifier}/devices", { path: { identifier } }));
      if (screen.isJson) return screen.json(devices);
      if (devices.length === 0) return screen.note(`no device has ${identifier}`);
      return screen.table(devices, [
        { title: "DEVICE", value: ({ name, serial, device_id }) => name ?? serial ?? device_id, gives: true },
        { title: "VERSION", value: ({ version }) => version },
      ]);
    }
    const apps = await all(api.list("/installed-apps", { query: { prefix } }));
    if (screen.isJson) return screen.json(apps);
    if (apps.length === 0) return screen.note("no app is known: devices report theirs with their inventory");
    return screen.table(apps, [
      { title: "IDENTIFIER", value: (app) => app.identifier, gives: true },
      { title: "NAME", value: ({ name }) => name, gives: true },
      {
        title: "VERSIONS",
        value: ({ versions }) => versions.map(({ version }) => version).join(", "),
        gives: true,
      },
      { title: "DEVICES", value: ({ devices }) => devices },
    ]);
  },
};
