import type { Command } from "../command.ts";
import { all } from "../lists.ts";

export const command: Command = {
  words: "[ROLLOUT]",
  count: [0, 1],
  also: "With a ROLLOUT, how far each of its rings is.",
  async run({ words: [id] }, { api, screen }) {
    if (id === undefined) {
      const rollouts = await all(api.list("/rollouts"));
      if (screen.isJson) return screen.json(rollouts);
      if (rollouts.length === 0) return screen.note("there is no rollout");
      return screen.table(rollouts, [
        { title: "ROLLOUT", value: (rollout) => rollout.id },
        { title: "OF", value: ({ kind, subject }) => `${kind} ${subject}`, gives: true },
        {
          title: "STATE",
          value: ({ state }) => state,
          style: ({ state }) => (state === "halted" ? "red" : state === "finished" ? "green" : undefined),
        },
        { title: "RING", value: ({ ring, rings }) => `${ring} of ${rings.length}` },
        { title: "WHY", value: ({ reason }) => reason, gives: true },
      ]);
    }
    const rollout = await api.get("/rollouts/{id}", { path: { id } });
    if (screen.isJson) return screen.json(rollout);
    if (rollout.reason !== null) screen.note(`${rollout.state}: ${rollout.reason}`);
    return screen.table(rollout.rings, [
      { title: "RING", value: ({ ring }) => String(ring) },
      { title: "OPENED", value: ({ opened_at }) => opened_at },
      { title: "DEVICES", value: ({ devices }) => String(devices) },
      { title: "SUCCEEDED", value: ({ succeeded }) => String(succeeded) },
      {
        title: "FAILED",
        value: ({ failed }) => String(failed),
        style: ({ failed }) => (failed > 0 ? "red" : undefined),
      },
      { title: "SILENT", value: ({ silent }) => String(silent) },
      { title: "WAITING", value: ({ waiting }) => String(waiting) },
    ]);
  },
};
