import type { SignedSystem } from "./read-list.ts";

/** What the list says of models: which system is the newest for each, and whether a model can run a version. */
export type Candidate = Pick<
  SignedSystem,
  "list" | "platform" | "version" | "supplement" | "versionKey" | "models"
>;

/** Its last day has passed for this model. https://support.apple.com/guide/deployment/depafd2fad80/web */
const isOver = (until: string | null, today: string): boolean => until !== null && until < today;

export const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** By model. */
export function newestOfEach<System extends Candidate>(
  systems: readonly System[],
  now: number,
): Map<string, System> {
  const today = dayOf(now);
  const newest = new Map<string, System>();
  for (const system of systems) {
    if (system.list === "improvement") continue;
    for (const [model, until] of Object.entries(system.models)) {
      if (isOver(until, today)) continue;
      const other = newest.get(model);
      if (other === undefined || system.versionKey > other.versionKey) newest.set(model, system);
    }
  }
  return newest;
}

/** Models that have the same newest system. Newest first. */
export type Lane<System> = { system: System; models: string[] };

export function lanesOf<System extends Candidate>(systems: readonly System[], now: number): Lane<System>[] {
  const lanes = new Map<number, Lane<System>>();
  for (const [model, system] of newestOfEach(systems, now)) {
    const lane = lanes.get(system.versionKey) ?? { system, models: [] };
    lane.models.push(model);
    lanes.set(system.versionKey, lane);
  }
  return [...lanes.values()]
    .map(({ system, models }) => ({ system, models: models.sort() }))
    .sort((one, other) => other.system.versionKey - one.system.versionKey);
}

/** `unknown`: the list does not name the model, or no model that it names can have the version yet. */
export type Ability = "yes" | "no" | "unknown";

/** Whether a model can be brought to a version, or past it; `models` are its names, best first. */
export function abilityOf(
  newest: ReadonlyMap<string, Pick<Candidate, "versionKey">>,
  models: readonly string[],
  key: number,
): Ability {
  const own = models.map((model) => newest.get(model)).find((system) => system !== undefined);
  if (own === undefined) return "unknown";
  if (own.versionKey >= key) return "yes";
  return [...newest.values()].some(({ versionKey }) => versionKey >= key) ? "no" : "unknown";
}
