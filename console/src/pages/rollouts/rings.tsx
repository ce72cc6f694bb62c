import { Section } from "../../parts/page.tsx";
import { Badge, Time } from "../../parts/small.tsx";
import { number, percent } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { countsOf, Legend, OutcomeBar, type Ring, type Rollout } from "./progress.tsx";

/** One after the other, as devices get it. */
export function Rings({ rollout }: { rollout: Rollout }) {
  const said = words("rollouts");
  return (
    <Section title={said.rings}>
      <ol class="rings">
        {rollout.rings.map((ring) => (
          <OneRing key={ring.ring} ring={ring} isLast={ring.ring === rollout.rings.length} />
        ))}
      </ol>
    </Section>
  );
}

function OneRing({ ring, isLast }: { ring: Ring; isLast: boolean }) {
  const said = words("rollouts");
  const { say } = words("common");
  const counts = countsOf([ring]);
  return (
    <li class={ring.opened_at === null ? "card ring" : "card ring is-open"}>
      <div class="ring-head">
        <h3>{said.ring(ring.ring)}</h3>
        <span class="quiet">{whoIsIn(ring, isLast)}</span>
        {ring.opened_at === null ? (
          <Badge>{said.notOpen}</Badge>
        ) : (
          <span class="quiet">
            {said.open} <Time at={ring.opened_at} />
          </span>
        )}
      </div>
      {ring.devices === 0 ? (
        <p class="hint">{said.noDevices}</p>
      ) : ring.opened_at === null ? (
        <p>{say.devices(counts.devices)}</p>
      ) : (
        <>
          <OutcomeBar counts={counts} />
          <Legend counts={counts} />
          {ring.not_applicable > 0 && (
            <p class="hint">
              {said.counts.not_applicable}: {number(ring.not_applicable)}
            </p>
          )}
        </>
      )}
    </li>
  );
}

function whoIsIn({ percent: share, sets }: Ring, isLast: boolean): string {
  const said = words("rollouts").ringOf;
  if (isLast) return said.rest;
  return share !== null ? said.percent(percent(share / 100)) : said.sets((sets ?? []).join(", "));
}
