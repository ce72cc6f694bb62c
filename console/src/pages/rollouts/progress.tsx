// How far a rollout is: in figures, and as a bar.
import type { Schemas } from "../../../../client/api.d.ts";
import { Badge } from "../../parts/small.tsx";
import type { Tone } from "../../parts/tone.ts";
import { number } from "../../words/forms.ts";
import { words } from "../../words/words.ts";

export type Rollout = Schemas["Rollout"];
export type Ring = Schemas["RolloutRing"];

const tones: Record<Rollout["state"], Tone> = {
  running: "info",
  halted: "bad",
  finished: "good",
  cancelled: "quiet",
  replaced: "quiet",
};

export const RolloutState = ({ state }: { state: Rollout["state"] }) => (
  <Badge tone={tones[state]}>{words("rollouts").states[state]}</Badge>
);

const outcomes = ["succeeded", "failed", "silent", "waiting"] as const;

type Outcome = (typeof outcomes)[number];

const toneOf: Record<Outcome, Tone> = {
  succeeded: "good",
  failed: "bad",
  silent: "warn",
  waiting: "info",
};

type Counts = Record<Outcome, number> & { devices: number };

/** Of all rings together. Devices for which it is nothing do not count. */
export function countsOf(rings: readonly Ring[]): Counts & { reached: number } {
  const sum = (of: (ring: Ring) => number) => rings.reduce((total, ring) => total + of(ring), 0);
  return {
    succeeded: sum(({ succeeded }) => succeeded),
    failed: sum(({ failed }) => failed),
    silent: sum(({ silent }) => silent),
    waiting: sum(({ waiting }) => waiting),
    reached: sum(({ reached, not_applicable }) => reached - not_applicable),
    devices: sum(({ devices, not_applicable }) => devices - not_applicable),
  };
}

/** One bar of several parts; what is beside it says the same in figures. */
export function Bar({ parts, of }: { parts: readonly (readonly [Tone, number])[]; of: number }) {
  return (
    <span class="stacked" aria-hidden="true">
      {parts.map(
        ([tone, count], at) =>
          count > 0 && (
            <span
              key={at}
              class={`tone-${tone}`}
              style={{ inlineSize: `${(count / Math.max(of, 1)) * 100}%` }}
            />
          ),
      )}
    </span>
  );
}

export const OutcomeBar = ({ counts }: { counts: Counts }) => (
  <Bar of={counts.devices} parts={outcomes.map((outcome) => [toneOf[outcome], counts[outcome]] as const)} />
);

/** The figures of a bar: those that are not nothing, each with its colour. */
export function Legend({ counts }: { counts: Counts }) {
  const said = words("rollouts").counts;
  return (
    <ul class="bar-legend">
      {outcomes
        .filter((outcome) => counts[outcome] > 0 || outcome === "succeeded")
        .map((outcome) => (
          <li key={outcome} class={`tone-${toneOf[outcome]}`}>
            {said[outcome]} <strong>{number(counts[outcome])}</strong>
          </li>
        ))}
    </ul>
  );
}

/** Why it halted, in the person's language. The server's own words if it gives another reason. */
export function reasonOf(reason: string | null): string | undefined {
  const said = words("rollouts");
  const found = /^ring (\d+): (\d+) of (\d+) devices (failed|did not answer)$/.exec(reason ?? "");
  if (found === null) return reason ?? undefined;
  const [ring, count, of] = found.slice(1, 4).map(Number) as [number, number, number];
  const what = found[4] === "failed" ? said.failedIn(count, of) : said.silentIn(count, of);
  return `${said.ring(ring)}: ${what}`;
}
