import { minute } from "../../base/time.ts";
import { walkClaims, walkDirectory } from "../../db/fleet.ts";
import { openDb } from "../../db/open.ts";
import type { SealedKey } from "../../db/sealed.ts";
import { missingMasterKeys, onlyKeyInUse, sealingKeys } from "../../db/sealing-keys.ts";
import type { SealingKeys } from "../../pki/seal.ts";
import { devicesAPage } from "../ask-device.ts";
import { jobKind } from "../job-kind.ts";
import { type Counts, type Remark, sum } from "../run.ts";
import { resealDevices } from "./reseal-devices.ts";
import { sealedPlaces } from "./reseal-places.ts";
import { resealRows } from "./reseal-tables.ts";

/**
 * After a change of MASTER_KEY: seals every value again with the present key, in D1 and in the devices' objects.
 *
 * It says that nothing is left only after a pass over everything that found nothing. So after the pass that moves values
 * comes one that verifies; and a pass that could not ask every object is repeated a few minutes later.
 */
type Step =
  | { walk: "tables"; place: number; after: SealedKey | null }
  | { walk: "directory"; after: string }
  | { walk: "claims"; after: string };

/** The counts of this pass: the last pass must end with only zeros. */
type Tally = { moved: number; stuck: number; late: number };

type Cursor = { keyId: string; pass: number; step: Step; tally: Tally };

const claimsAPage = 1_000;
/** Objects switch to a new deployment within minutes. */
const betweenPassesMs = 5 * minute;
const mostPasses = 6;

const firstStep: Step = { walk: "tables", place: 0, after: null };
const nothing: Tally = { moved: 0, stuck: 0, late: 0 };
const pass = (keyId: string, number: number): Cursor => ({
  keyId,
  pass: number,
  step: firstStep,
  tally: nothing,
});

export const reseal = jobKind<Cursor>(pass("", 1), async (env, cursor) => {
  const missing = await missingMasterKeys(env);
  if (missing.length > 0) return { counts: {}, remarks: [], ends: "failed", outcome: withoutKey(missing) };
  const keys = await sealingKeys(env);
  // The first page, or the key was changed again during the run: moved values must be moved again.
  const here = cursor.keyId === keys.current.id ? cursor : pass(keys.current.id, 1);
  const done = await doStep(env, keys, here.step);
  const tally = {
    moved: here.tally.moved + done.moved,
    stuck: here.tally.stuck + done.stuck,
    late: here.tally.late + done.late,
  };
  const { counts, remarks } = done;
  if (done.next) return { counts, remarks, next: { ...here, step: done.next, tally } };
  const after = afterPass({ ...here, tally });
  if ("ends" in after && after.ends === "done") await onlyKeyInUse(env, here.keyId);
  return { counts: sum(counts, { passes: 1 }), remarks, ...after };
});

const withoutKey = (missing: readonly string[]): string =>
  `values are sealed under master key ${missing.join(" and ")}, which is missing: set that key as MASTER_KEY_PREVIOUS, and start again`;

type Done = Tally & { counts: Counts; remarks: Remark[]; next: Step | undefined };

const doStep = (env: Env, keys: SealingKeys, step: Step): Promise<Done> => {
  switch (step.walk) {
    case "tables":
      return tablesStep(env, keys, step.place, step.after);
    case "directory":
      return directoryStep(env, keys, step.after);
    case "claims":
      return claimsStep(env, keys, step.after);
  }
};

async function tablesStep(
  env: Env,
  keys: SealingKeys,
  index: number,
  after: SealedKey | null,
): Promise<Done> {
  const place = sealedPlaces[index];
  const following: Step = { walk: "directory", after: "" };
  if (place === undefined) return { ...nothing, counts: {}, remarks: [], next: following };
  const { moved, stuck, next } = await resealRows(env, keys, place, after);
  return {
    moved,
    stuck: stuck.length,
    late: 0,
    counts: moved > 0 ? { [`${place.table}.${place.column}`]: moved } : {},
    remarks: stuck,
    next: next
      ? { walk: "tables", place: index, after: next }
      : { walk: "tables", place: index + 1, after: null },
  };
}

async function directoryStep(env: Env, keys: SealingKeys, after: string): Promise<Done> {
  const ids = (await walkDirectory(openDb(env.DB), after, devicesAPage)).map(({ id }) => id);
  const done = await devicesDone(env, keys, ids);
  const whole = ids.length < devicesAPage && done.stoppedBefore === undefined;
  const reached = lastDone(ids, done.stoppedBefore) ?? after;
  const next: Step = whole ? { walk: "claims", after: "" } : { walk: "directory", after: reached };
  return { ...done, next };
}

/** Devices that have an identity and are not listed: their values must not be forgotten. */
async function claimsStep(env: Env, keys: SealingKeys, after: string): Promise<Done> {
  const claims = await walkClaims(openDb(env.DB), after, claimsAPage);
  const unlisted = claims.filter(({ listed }) => !listed).map(({ id }) => id);
  const ids = unlisted.slice(0, devicesAPage);
  const done = await devicesDone(env, keys, ids);
  const isCut = ids.length < unlisted.length || done.stoppedBefore !== undefined;
  const whole = !isCut && claims.length < claimsAPage;
  const reached = isCut ? lastDone(ids, done.stoppedBefore) : claims.at(-1)?.id;
  return { ...done, next: whole ? undefined : { walk: "claims", after: reached ?? after } };
}

async function devicesDone(env: Env, keys: SealingKeys, ids: readonly string[]) {
  const devices = await resealDevices(env, keys.current.id, ids);
  const counts = devices.reduce<Counts>((all, { moved }) => sum(all, moved), {});
  const stop = devices.find(({ isLarge }) => isLarge)?.id;
  // Devices after the unfinished one are asked again and counted then.
  const passed = devices.slice(0, stop === undefined ? devices.length : ids.indexOf(stop));
  return {
    moved: Object.values(counts).reduce((total, count) => total + count, 0),
    stuck: passed.reduce((total, { stuck }) => total + stuck, 0),
    late: passed.filter(({ isLate }) => isLate).length,
    counts,
    remarks: passed.flatMap(({ remark }) => remark ?? []),
    stoppedBefore: stop,
  };
}

const lastDone = (ids: readonly string[], stoppedBefore: string | undefined): string | undefined =>
  stoppedBefore === undefined ? ids.at(-1) : ids[ids.indexOf(stoppedBefore) - 1];

function afterPass({ keyId, pass: number, tally }: Cursor) {
  const { moved, stuck, late } = tally;
  if (moved > 0) return { next: pass(keyId, number + 1) };
  if (late > 0 && number < mostPasses) return { next: pass(keyId, number + 1), pauseMs: betweenPassesMs };
  if (stuck === 0 && late === 0) {
    const outcome = `nothing is left under another master key than ${keyId}: MASTER_KEY_PREVIOUS may be removed`;
    return { ends: "done" as const, outcome };
  }
  const outcome = `${stuck} values do not open and ${late} devices did not answer with the new key: keep MASTER_KEY_PREVIOUS, correct what the remarks name, and start again`;
  return { ends: "failed" as const, outcome };
}
