import type { Json } from "../api.ts";
import type { Command } from "../command.ts";
import { relative } from "../times.ts";

export const command: Command = {
  words: "[devices | sync ACCOUNT]",
  count: [0, 2],
  options: { search: { takes: "SERIAL", help: "with `devices`: those whose serial number begins so" } },
  also: "Without words, the accounts.",
  async run({ words: [action, name], value }, { api, screen }) {
    if (action === "sync" && name !== undefined) {
      const begun = await api.json("POST", `/ade/accounts/${encodeURIComponent(name)}/sync`);
      return screen.isJson ? screen.json(begun) : screen.say("Apple is asked for its list.");
    }
    if (action === "devices") {
      const devices = await api.all("/ade/devices", { search: value("search") });
      if (screen.isJson) return screen.json(devices);
      if (devices.length === 0) return screen.note("no device is known from Apple");
      return screen.table(devices, [
        { title: "SERIAL", value: ({ serial_number, serial }) => (serial_number ?? serial) as string },
        { title: "MODEL", value: ({ model, description }) => (model ?? description) as string, gives: true },
        { title: "ACCOUNT", value: ({ account }) => account as string },
        { title: "PROFILE", value: ({ profile }) => profile as string, gives: true },
        { title: "STATE", value: ({ profile_status, state }) => (state ?? profile_status) as string },
      ]);
    }
    const { items } = await api.get("/ade/accounts");
    const accounts = items as Json[];
    if (screen.isJson) return screen.json(accounts);
    if (accounts.length === 0) return screen.note("there is no account yet: docs/ade.md begins with one");
    return screen.table(accounts, [
      { title: "NAME", value: ({ name: account }) => account as string },
      {
        title: "STATE",
        value: ({ state }) => state as string,
        style: ({ state }) => (state === "ok" ? "green" : "red"),
      },
      { title: "ORGANIZATION", value: ({ organization }) => nameOf(organization), gives: true },
      {
        title: "TOKEN ENDS",
        value: ({ token_expires_at, expires_at }) => relative(token_expires_at ?? expires_at),
      },
    ]);
  },
};

const nameOf = (organization: unknown): string =>
  typeof organization === "object" && organization !== null
    ? String((organization as Json).name ?? "")
    : String(organization ?? "");
