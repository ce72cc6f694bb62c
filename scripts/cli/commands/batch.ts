import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "../api.ts";
import type { Command, Runtime } from "../command.ts";
import { relative } from "../times.ts";

const rhythmMs = 2_000;
const shown = "25";

export const command: Command = {
  words: "[ID]",
  count: [0, 1],
  options: {
    cancel: { help: "give it to no more devices, and take back what was not fetched" },
    failed: { help: "list the devices that refused it" },
    watch: { help: "show it again until it is done" },
  },
  also: "Without an ID, the latest ones.",
  async run({ words: [id], has }, { api, screen }) {
    if (id === undefined) return list({ api, screen });
    const at = `/batches/${encodeURIComponent(id)}`;
    if (has("cancel")) {
      const batch = await api.json("DELETE", at);
      return screen.isJson ? screen.json(batch) : screen.say("Cancelled.");
    }
    if (has("failed")) {
      const targets = await api.all(`${at}/targets`, { state: "refused" });
      if (screen.isJson) return screen.json(targets);
      return screen.table(targets, [
        { title: "DEVICE", value: ({ device_id, id: target }) => (device_id ?? target) as string },
        {
          title: "WHY",
          value: ({ detail, reason, code }) => (detail ?? reason ?? code) as string,
          gives: true,
        },
      ]);
    }
    for (;;) {
      const batch = await api.get(at);
      show(batch, screen);
      if (!has("watch") || !["held", "running", "waiting"].includes(String(batch.state))) return;
      await delay(rhythmMs);
    }
  },
};

async function list({ api, screen }: Runtime): Promise<void> {
  const { items } = await api.get("/batches", { limit: shown });
  if (screen.isJson) return screen.json(items);
  if ((items as Json[]).length === 0) return screen.note("no command was sent to many devices");
  screen.table(items as Json[], [
    { title: "MADE", value: ({ created_at }) => relative(created_at) },
    { title: "COMMAND", value: ({ request_type }) => request_type as string },
    { title: "STATE", value: ({ state }) => state as string },
    { title: "ID", value: ({ id }) => id as string },
  ]);
}

function show(batch: Json, screen: Runtime["screen"]): void {
  if (screen.isJson) {
    screen.json(batch);
    return;
  }
  screen.heading(`${String(batch.request_type ?? "push")}: ${String(batch.state)}`);
  screen.facts({ ...countsOf(batch.progress), ...countsOf(batch.outcomes) });
}

const countsOf = (counts: unknown): Record<string, number> =>
  Object.fromEntries(
    Object.entries((counts ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, number] => typeof entry[1] === "number",
    ),
  );
