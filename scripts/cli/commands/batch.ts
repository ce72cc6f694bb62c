import { setTimeout as delay } from "node:timers/promises";
import type { Schemas } from "../../../client/src/index.ts";
import type { Command, Runtime } from "../command.ts";
import { all } from "../lists.ts";
import { relative } from "../times.ts";

const rhythmMs = 2_000;
const shown = 25;

export const command: Command = {
  words: "[ID]",
  count: [0, 1],
  options: {
    cancel: { help: "give it to no more devices, and take back what was not fetched" },
    failed: { help: "list the devices that refused it" },
    watch: { help: "show it again until it is done" },
  },
  also: "Without an ID, the latest ones.",
  async run({ words: [id], has }, runtime) {
    if (id === undefined) return list(runtime);
    const { api, screen } = runtime;
    const at = { path: { id } };
    if (has("cancel")) {
      const batch = await api.delete("/batches/{id}", at);
      return screen.isJson ? screen.json(batch) : screen.say("Cancelled.");
    }
    if (has("failed")) {
      const targets = await all(api.list("/batches/{id}/targets", { ...at, query: { state: "refused" } }));
      if (screen.isJson) return screen.json(targets);
      if (targets.length === 0) return screen.note("no device refused it");
      return screen.table(targets, [
        { title: "DEVICE", value: ({ device_id }) => device_id },
        { title: "WHY", value: ({ detail, reason }) => detail ?? reason, gives: true },
      ]);
    }
    for (;;) {
      const batch = await api.get("/batches/{id}", at);
      show(batch, screen);
      if (!has("watch") || batch.state === "done" || batch.state === "cancelled") return;
      await delay(rhythmMs);
    }
  },
};

async function list({ api, screen }: Runtime): Promise<void> {
  const batches = (await api.get("/batches", { query: { limit: shown } })).items;
  if (screen.isJson) return screen.json(batches);
  if (batches.length === 0) return screen.note("no command was sent to many devices");
  screen.table(batches, [
    { title: "MADE", value: ({ created_at }) => relative(created_at) },
    { title: "COMMAND", value: ({ request_type }) => request_type },
    { title: "STATE", value: ({ state }) => state },
    { title: "ID", value: ({ id }) => id },
  ]);
}

function show(batch: Schemas["Batch"], screen: Runtime["screen"]): void {
  if (screen.isJson) {
    screen.json(batch);
    return;
  }
  screen.heading(`${batch.request_type ?? "push"}: ${batch.state}`);
  screen.facts({ ...countsOf(batch.progress), ...countsOf(batch.outcomes) });
}

const countsOf = (counts: object) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => typeof count === "number"));
