// What happened today, in as few lines as it has kinds: what went wrong first, what is only routine folded away.
import type { ComponentChildren } from "preact";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Link } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { Section } from "../../parts/page.tsx";
import { Disclosure, type Moment, Timeline } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";
import { type Digest, digestOf } from "./digest.ts";

const mostEvents = 200;
const mostNames = 3;

/** From midnight here, not in Greenwich. */
const midnight = (): string => new Date(new Date().setHours(0, 0, 0, 0)).toISOString();

async function readToday(signal: AbortSignal) {
  const { items } = await api.get("/events", { query: { since: midnight(), limit: mostEvents }, signal });
  const digests = digestOf(items);
  const ids = digests.filter(({ routine }) => !routine).flatMap(({ devices }) => devices.slice(0, mostNames));
  return {
    digests,
    names: await namesOf([...new Set(ids)].slice(0, 12), signal),
    isCut: items.length === mostEvents,
  };
}

/** A device that was removed in the meantime is called by its id. */
async function namesOf(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    ids.map((id) => api.get("/devices/{id}", { path: { id }, signal }).catch(() => undefined)),
  );
  return new Map(ids.map((id, at) => [id, nameOf(found[at]) ?? id]));
}

const nameOf = (device: Schemas["DeviceDetail"] | undefined): string | undefined =>
  device?.name ?? device?.serial ?? undefined;

export function Today() {
  const said = words("start");
  const today = useResource(readToday, []);
  return (
    <Section title={said.today}>
      <Load of={today}>
        {({ digests, names, isCut }) => {
          const routine = digests.filter((digest) => digest.routine);
          const moments = (from: readonly Digest[]) => from.map((digest) => momentOf(digest, names));
          return digests.length === 0 ? (
            <p class="hint">{said.todayNothing}</p>
          ) : (
            <div>
              <Timeline items={moments(digests.filter((digest) => !digest.routine))} />
              {routine.length > 0 && (
                <Disclosure title={said.routine(routine.reduce((sum, { count }) => sum + count, 0))}>
                  <Timeline items={moments(routine)} />
                </Disclosure>
              )}
              {isCut && <p class="hint">{said.onlyLatest(mostEvents)}</p>}
            </div>
          );
        }}
      </Load>
    </Section>
  );
}

function momentOf(
  { key, name, about, at, tone, count, devices }: Digest,
  names: ReadonlyMap<string, string>,
): Moment {
  const said = words("start");
  return {
    key,
    at,
    tone,
    title: (
      <>
        {words("events").names[name] ?? <code>{name}</code>}
        {about !== "" && <code> {about}</code>}
        {count > 1 && <span class="quiet"> · {said.times(count)}</span>}
      </>
    ),
    text: devices.length > 0 && <Devices devices={devices} names={names} />,
  };
}

function Devices({ devices, names }: { devices: readonly string[]; names: ReadonlyMap<string, string> }) {
  const shown = devices.slice(0, mostNames);
  const rest = devices.length - shown.length;
  const links = shown.map(
    (id): ComponentChildren => (
      <Link key={id} to={`/devices/${encodeURIComponent(id)}`}>
        {names.get(id) ?? id}
      </Link>
    ),
  );
  return (
    <span class="names">
      {links} {rest > 0 && words("start").andMore(rest)}
    </span>
  );
}
