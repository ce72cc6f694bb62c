import type { Command } from "../command.ts";
import { all } from "../lists.ts";

export const command: Command = {
  options: { devices: { takes: "NAME", help: "list how it stands with this app on the devices" } },
  async run({ value }, { api, screen }) {
    const name = value("devices");
    if (name !== undefined) {
      const devices = await all(api.list("/apps/{name}/devices", { path: { name } }));
      if (screen.isJson) return screen.json(devices);
      if (devices.length === 0) return screen.note(`no device should have ${name}`);
      return screen.table(devices, [
        {
          title: "DEVICE",
          value: ({ name: called, serial, device_id }) => called ?? serial ?? device_id,
          gives: true,
        },
        { title: "STATE", value: ({ state }) => state.replaceAll("_", " ") },
        { title: "SINCE", value: ({ since }) => since },
        { title: "VERSION", value: ({ installed_version }) => installed_version ?? "" },
        { title: "REASON", value: ({ reason }) => reason ?? "", gives: true },
      ]);
    }
    const apps = await all(api.list("/apps"));
    if (screen.isJson) return screen.json(apps);
    if (apps.length === 0) return screen.note("the library has no app");
    return screen.table(apps, [
      { title: "NAME", value: (app) => app.name, gives: true },
      { title: "TITLE", value: ({ title }) => title ?? "", gives: true },
      { title: "BUNDLE ID", value: ({ bundle_id }) => bundle_id ?? "", gives: true },
      {
        title: "FROM",
        value: ({ source }) => source.store?.location ?? source.manifest?.url ?? "",
        gives: true,
      },
      { title: "VERSION", value: ({ store_version }) => store_version ?? "" },
    ]);
  },
};
