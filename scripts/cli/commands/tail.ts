import type { Schemas } from "../../../client/src/index.ts";
import type { Command, Runtime } from "../command.ts";
import { printable } from "../screen.ts";

const patienceSeconds = 25;

export const command: Command = {
  options: {
    device: { takes: "ID", help: "only of one device" },
    name: { takes: "NAME", help: "only events of this name, such as command.finished" },
    lines: { takes: "N", help: "so many earlier ones first (10 unless told)" },
    once: { help: "print the earlier ones, and end" },
  },
  also: "With --json, one event is one line. Control-C ends it.",
  async run({ value, has }, { api, screen }) {
    const query = { device: value("device"), name: value("name") };
    const { items } = await api.get("/events", { query: { ...query, limit: Number(value("lines") ?? 10) } });
    const events = items.toReversed();
    for (const event of events) print(event, screen);
    if (has("once")) return;
    let after = Math.max(0, ...events.map(({ id }) => id));
    for (;;) {
      const news = await api.get("/events", { query: { ...query, after, wait: patienceSeconds } });
      for (const event of news.items) {
        print(event, screen);
        after = Math.max(after, event.id);
      }
    }
  },
};

function print(event: Schemas["Event"], screen: Runtime["screen"]): void {
  if (screen.isJson) {
    screen.say(JSON.stringify(event));
    return;
  }
  const { at, name, device_id, detail } = event;
  const time = new Date(at).toTimeString().slice(0, 8);
  const about = Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");
  screen.say(
    `${screen.style("dim", time)}  ${name.padEnd(28)}  ${printable(device_id)}  ${screen.style("dim", printable(about))}`.trimEnd(),
  );
}
