import type { JobName } from "../jobs/kinds.ts";

/** When which job is started by itself, in UTC. The trigger comes every five minutes; here is what it finds due. */
const hour = 60 * 60_000;
const day = 24 * hour;

type Rhythm = { everyMs: number; offsetMs: number };

const rhythms: Partial<Record<JobName, Rhythm>> = {
  // Its starts may be lost; without one this finds nothing to do.
  assign: { everyMs: 5 * 60_000, offsetMs: 0 },
  prune: { everyMs: hour, offsetMs: 10 * 60_000 },
  expiries: { everyMs: day, offsetMs: 5 * hour },
  "software-updates": { everyMs: day, offsetMs: 4 * hour },
  repair: { everyMs: day, offsetMs: 2 * hour + 20 * 60_000 },
};

/** The moment from which on a run of this job is due; undefined: only a person starts it. */
export function dueSince(job: JobName, now: number): number | undefined {
  const rhythm = rhythms[job];
  return rhythm && now - ((now - rhythm.offsetMs) % rhythm.everyMs);
}
