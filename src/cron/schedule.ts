import { day, hour, minute } from "../base/time.ts";
import type { JobName } from "../jobs/job-kinds.ts";

/** When each job starts automatically, in UTC. The trigger comes every five minutes and starts what is due. */

type Rhythm = { everyMs: number; offsetMs: number };

const rhythms: Partial<Record<JobName, Rhythm>> = {
  // Its starts may be lost; without notes it has nothing to do.
  assign: { everyMs: 5 * minute, offsetMs: 0 },
  rollouts: { everyMs: 5 * minute, offsetMs: 0 },
  // Urgent problems are sent at once.
  mail: { everyMs: 5 * minute, offsetMs: 0 },
  prune: { everyMs: hour, offsetMs: 10 * minute },
  selftest: { everyMs: hour, offsetMs: 15 * minute },
  problems: { everyMs: hour, offsetMs: 20 * minute },
  "fleet-problems": { everyMs: day, offsetMs: 3 * hour + 40 * minute },
  summary: { everyMs: hour, offsetMs: 50 * minute },
  expiries: { everyMs: day, offsetMs: 5 * hour },
  packages: { everyMs: day, offsetMs: 2 * hour + 50 * minute },
  // Apple wants to be asked once a day; most systems come out between 17 and 20 o'clock.
  "apple-systems": { everyMs: day, offsetMs: 20 * hour + 30 * minute },
  "left-licences": { everyMs: day, offsetMs: hour + 40 * minute },
  releases: { everyMs: day, offsetMs: 6 * hour + 10 * minute },
  "software-updates": { everyMs: day, offsetMs: 4 * hour },
  repair: { everyMs: day, offsetMs: 2 * hour + 20 * minute },
};

/** Since when a run of this job is due; undefined: only a person starts it. */
export function dueSince(job: JobName, now: number): number | undefined {
  const rhythm = rhythms[job];
  return rhythm && now - ((now - rhythm.offsetMs) % rhythm.everyMs);
}
