import type { Command } from "../command.ts";

export const command: Command = {
  words: "[BEGINNING]",
  count: [0, 1],
  options: { devices: { takes: "IDENTIFIER", help: "list the devices that have this app" } },
  also: "BEGINNING is of a bundle identifier, such as com.example.",
  async run({ words: [prefix], value }, { api, screen }) {
    const identifier = value("devices");
    if (identifier !== undefined) {
      const devices = await api.all(`/apps/${encodeURIComponent(identifier)}/devices`);
      if (screen.isJson) return screen.json(devices);
      return screen.table(devices, [
        {
          title: "DEVICE",
          value: ({ name, serial, device_id }) => (name ?? serial ?? device_id) as string,
          gives: true,
        },
        { title: "VERSION", value: ({ version }) => version as string },
      ]);
    }
    const apps = await api.all("/apps", { prefix });
    if (screen.isJson) return screen.json(apps);
    if (apps.length === 0) return screen.note("no app is known: devices report theirs with their inventory");
    return screen.table(apps, [
      { title: "IDENTIFIER", value: ({ identifier: app }) => app as string, gives: true },
      { title: "NAME", value: ({ name }) => name as string, gives: true },
      { title: "VERSION", value: ({ version }) => version as string },
      { title: "DEVICES", value: ({ devices }) => devices as number },
    ]);
  },
};
