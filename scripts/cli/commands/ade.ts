import { type Command, WrongCall } from "../command.ts";
import { all } from "../lists.ts";
import { relative } from "../times.ts";

export const command: Command = {
  words: "[devices | sync ACCOUNT]",
  count: [0, 2],
  options: { search: { takes: "SERIAL", help: "with `devices`: those whose serial number begins so" } },
  also: "Without words, the accounts.",
  async run({ words: [action, name], value }, { api, screen }) {
    if (action === "sync" && name !== undefined) {
      const begun = await api.post("/ade/accounts/{name}/sync", { path: { name } });
      return screen.isJson
        ? screen.json(begun)
        : screen.say(`Apple was asked for what changed: ${begun.outcome}`);
    }
    if (action === "devices") {
      const devices = await all(api.list("/ade/devices", { query: { search: value("search") } }));
      if (screen.isJson) return screen.json(devices);
      if (devices.length === 0) return screen.note("no device is known from Apple");
      return screen.table(devices, [
        { title: "SERIAL", value: ({ serial_number }) => serial_number },
        { title: "MODEL", value: ({ model }) => model, gives: true },
        { title: "ACCOUNT", value: ({ account }) => account },
        { title: "PROFILE", value: ({ profile }) => profile, gives: true },
        { title: "AT APPLE", value: ({ profile_status }) => profile_status },
        { title: "HERE", value: ({ device_state }) => device_state },
      ]);
    }
    if (action !== undefined) throw new WrongCall(`edgemdm ade ${command.words}`);
    const accounts = (await api.get("/ade/accounts")).items;
    if (screen.isJson) return screen.json(accounts);
    if (accounts.length === 0) return screen.note("there is no account yet: docs/ade.md begins with one");
    return screen.table(accounts, [
      { title: "NAME", value: (account) => account.name },
      {
        title: "STATE",
        value: ({ state }) => state,
        style: ({ state }) => (state === "ok" ? "green" : "red"),
      },
      { title: "ORGANIZATION", value: ({ organization }) => organization?.name, gives: true },
      { title: "TOKEN ENDS", value: ({ token }) => relative(token?.expires_at) },
    ]);
  },
};
