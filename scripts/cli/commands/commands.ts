import type { Command } from "../command.ts";
import { findDevice } from "../find-device.ts";
import { relative } from "../times.ts";

const shown = 25;

export const command: Command = {
  words: "DEVICE [UUID]",
  count: [1, 2],
  also: "With a UUID, one command with its result.",
  async run({ words: [word = "", uuid] }, { api, screen }) {
    const { id } = await findDevice(api, word);
    if (uuid !== undefined)
      return screen.json(await api.get("/devices/{id}/commands/{uuid}", { path: { id, uuid } }));
    const { items: commands } = await api.get("/devices/{id}/commands", {
      path: { id },
      query: { limit: shown },
    });
    if (screen.isJson) return screen.json(commands);
    if (commands.length === 0) return screen.note("no command was queued for this device");
    return screen.table(commands, [
      { title: "QUEUED", value: ({ queued_at }) => relative(queued_at) },
      { title: "COMMAND", value: ({ request_type }) => request_type },
      {
        title: "STATE",
        value: ({ state }) => state,
        style: ({ state }) => (state === "error" ? "red" : state === "acknowledged" ? "green" : undefined),
      },
      { title: "BY", value: ({ origin }) => origin, gives: true },
      { title: "ERROR", value: ({ error }) => error, gives: true },
      { title: "UUID", value: (one) => one.uuid },
    ]);
  },
};
