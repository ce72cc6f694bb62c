import type { Json } from "../api.ts";
import type { Command } from "../command.ts";
import { findDevice } from "../find-device.ts";
import { relative } from "../times.ts";

const shown = "25";

export const command: Command = {
  words: "DEVICE [UUID]",
  count: [1, 2],
  also: "With a UUID, one command with its result.",
  async run({ words: [word = "", uuid] }, { api, screen }) {
    const { id } = await findDevice(api, word);
    const at = `/devices/${encodeURIComponent(id)}/commands`;
    if (uuid !== undefined) return screen.json(await api.get(`${at}/${encodeURIComponent(uuid)}`));
    const { items } = await api.get(at, { limit: shown });
    if (screen.isJson) return screen.json(items);
    if ((items as Json[]).length === 0) return screen.note("no command was queued for this device");
    screen.table(items as Json[], [
      { title: "QUEUED", value: ({ queued_at }) => relative(queued_at) },
      { title: "COMMAND", value: ({ request_type }) => request_type as string },
      {
        title: "STATE",
        value: ({ state }) => state as string,
        style: ({ state }) => (state === "error" ? "red" : state === "acknowledged" ? "green" : undefined),
      },
      { title: "BY", value: ({ origin }) => origin as string, gives: true },
      { title: "ERROR", value: ({ error }) => errorOf(error), gives: true },
      { title: "UUID", value: ({ uuid: name }) => name as string },
    ]);
    return undefined;
  },
};

function errorOf(error: unknown): string {
  if (!Array.isArray(error)) return typeof error === "string" ? error : "";
  const [first] = error as Json[];
  return String(first?.USEnglishDescription ?? first?.LocalizedDescription ?? first?.ErrorCode ?? "");
}
