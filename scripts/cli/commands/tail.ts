import { type Answer, membersOf } from "../answers.ts";
import type { Command, Runtime } from "../command.ts";
import { printable } from "../screen.ts";

const patienceSeconds = "25";

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
    const events = (
      await api.page<"Event">("/events", { ...query, limit: value("lines") ?? "10" })
    ).toReversed();
    for (const event of events) print(event, screen);
    if (has("once")) return;
    let after = Math.max(0, ...events.map(({ id }) => Number(id)));
    for (;;) {
      const news = await api.page<"Event">("/events", {
        ...query,
        after: String(after),
        wait: patienceSeconds,
      });
      for (const event of news) {
        print(event, screen);
        after = Math.max(after, Number(event.id));
      }
    }
  },
};

function print(event: Answer<"Event">, screen: Runtime["screen"]): void {
  if (screen.isJson) {
    screen.say(JSON.stringify(event));
    return;
  }
  const { at, name, device_id, detail } = event;
  const time = new Date(String(at)).toTimeString().slice(0, 8);
  const about = Object.entries(membersOf(detail))
    .filter(([, value]) => typeof value !== "object")
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");
  screen.say(
    `${screen.style("dim", time)}  ${String(name).padEnd(28)}  ${printable(device_id)}  ${screen.style("dim", printable(about))}`.trimEnd(),
  );
}
