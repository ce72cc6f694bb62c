import type { Settings } from "../admin/setting-entries.ts";
import { loadSettings } from "../admin/settings.ts";
import { addServerEvent, type Guard, type Statement } from "../db/directory.ts";
import type { Db } from "../db/open.ts";
import {
  endRolloutsOf,
  findOpen,
  isAnybodyConcerned,
  putRollout,
  type RolloutItem,
  type RolloutRow,
} from "../db/rollouts.ts";
import type { RolloutPlan } from "../db/schema/rollouts.ts";
import { serverId } from "../events/announce.ts";
import { rolloutEvent } from "./changes.ts";

/**
 * Whether a change goes in rings, and the statements for the batch of that change. A change of the same subject during a
 * rollout replaces that rollout, with the same seed: the same devices get it first.
 */

/** The name of a plan, `none`, or undefined: what the setting says of connectivity, or of the rollout that it replaces. */
export type AskedPlan = string | undefined;

export const noPlan = "none";

/** The names that a caller may ask for. */
export const planNames = (settings: Settings): string[] => settings.rollout_plans.map(({ name }) => name);

export type BegunItem = Omit<RolloutItem, "rolloutId" | "open">;

export type NewRollout = {
  kind: RolloutRow["kind"];
  subject: string;
  /** Of a policy: the digest of what it asks for. */
  target?: string;
  by: string;
  asked: AskedPlan;
  /** Asked only if it matters. */
  isConnectivity: () => boolean | Promise<boolean>;
  /** What is different for a device that is reached, given the rollout that it replaces. Empty: nothing is different. */
  items: (replaced: readonly RolloutItem[]) => BegunItem[];
  /** The sets whose channels have it. */
  setNames: () => Promise<string[]>;
  /** Holds if the change itself was written, earlier in the batch. */
  guard?: Guard;
};

export type Begun = {
  /** Undefined: every device gets the change at once. */
  id: string | undefined;
  /** A former rollout ends with it, so that all its devices must be notified. */
  replaces: boolean;
  statements: Statement[];
};

/** Nothing changes on any device until the first ring opens. */
export const isQuiet = ({ id, replaces }: Begun): boolean => id !== undefined && !replaces;

export async function beginRollout(env: Env, db: Db, asked: NewRollout, now: number): Promise<Begun> {
  const { kind, subject, by, guard } = asked;
  const before = await findOpen(db, kind, subject);
  const items = asked.items(before?.items ?? []);
  const plan = items.length === 0 ? undefined : await planFor(env, asked, before?.row.plan, now);
  const goes = plan !== undefined && (await isAnybodyConcerned(db, await asked.setNames()));
  // Back to what every device had: that is how a rollout is cancelled.
  const state = items.length === 0 ? "cancelled" : "replaced";
  const ends = before
    ? [
        addServerEvent(
          db,
          serverId,
          { ...rolloutEvent(`rollout.${state}`, before.row, { by }), at: now },
          guard,
        ),
        ...endRolloutsOf(db, kind, subject, { state, now, by }, guard),
      ]
    : [];
  if (!goes) return { id: undefined, replaces: before !== undefined, statements: ends };
  const id = crypto.randomUUID();
  const row: RolloutRow = {
    target: asked.target ?? null,
    ...{ id, kind, subject, seed: before?.row.seed ?? id, plan, state: "running" },
    ...{ ring: -1, toldRing: -1, openedAt: [], cutoffs: null, counts: null, countedAt: null, accepted: [] },
    ...{ reason: null, revision: 0, createdAt: now, createdBy: by, endedAt: null, endedBy: null },
  };
  return { id, replaces: before !== undefined, statements: [...ends, ...putRollout(db, row, items, guard)] };
}

async function planFor(
  env: Env,
  { asked, isConnectivity }: NewRollout,
  present: RolloutPlan | undefined,
  now: number,
): Promise<RolloutPlan | undefined> {
  if (asked === noPlan) return undefined;
  const settings = await loadSettings(env, now);
  if (asked !== undefined) return planOf(settings, asked);
  if (present !== undefined) return present;
  const usual = settings.connectivity_rollout;
  return usual !== null && (await isConnectivity()) ? planOf(settings, usual) : undefined;
}

/** Undefined: there is no such plan. */
function planOf(settings: Settings, name: string): RolloutPlan | undefined {
  const plan = settings.rollout_plans.find((one) => one.name === name);
  if (plan === undefined) return undefined;
  const { rings, hours, silent_hours, max_failed_percent, max_silent_percent } = plan;
  return {
    ...{ rings, hours, silentHours: silent_hours ?? hours },
    ...{ maxFailedPercent: max_failed_percent, maxSilentPercent: max_silent_percent },
  };
}
