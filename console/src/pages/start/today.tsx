import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Link } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { Section, type Tone } from "../../parts/page.tsx";
import { Timeline } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";

/** From midnight here, not in Greenwich. */
const midnight = (): string => new Date(new Date().setHours(0, 0, 0, 0)).toISOString();

export function Today() {
  const said = words("start");
  const events = useResource(
    (signal) => api.get("/events", { query: { since: midnight(), limit: 25 }, signal }),
    [],
  );
  return (
    <Section title={said.today}>
      <Load of={events}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="hint">{said.todayNothing}</p>
          ) : (
            <Timeline
              items={items.map(({ id, at, name, device_id, detail }) => ({
                key: String(id),
                at,
                tone: toneOf(name, detail.state),
                title: (
                  <>
                    {said.events[name] ?? <code>{name}</code>}
                    {typeof detail.request_type === "string" && <code> {detail.request_type}</code>}
                  </>
                ),
                text:
                  device_id === null ? said.server : <Link to={`/devices/${device_id}`}>{device_id}</Link>,
              }))}
            />
          )
        }
      </Load>
    </Section>
  );
}

function toneOf(name: string, state: unknown): Tone {
  if (/failed|dead|refused|paused/.test(name) || state === "error") return "bad";
  if (name === "device.enrolled") return "good";
  return "quiet";
}
