import { loadSettings } from "../../admin/settings.ts";
import { isLate, platformsPast, progressOf } from "../../assignment/software-update-progress.ts";
import { targetsOf } from "../../assignment/software-update-targets.ts";
import { day, hour } from "../../base/time.ts";
import { walkUnfinished } from "../../db/fleet.ts";
import { openDb } from "../../db/open.ts";
import {
  type Failing,
  failingApps,
  failingDeclarations,
  failingProfiles,
  type Misnamed,
  misnamedApps,
  seenSince,
  walkEnrolled,
} from "../../db/problem-facts.ts";
import { nextPolicy } from "../../db/software-updates.ts";
import {
  counters,
  countFleet,
  emptyTally,
  type FleetTally,
  failureFindings,
  fleetFindings,
  givenUpFindings,
  misnamedFindings,
  overdueFindings,
  type Stuck,
  stuckFindings,
} from "../../problems/fleet.ts";
import { type Kept, keepFindings } from "../../problems/keep.ts";
import { type JobKind, jobKind } from "../job-kind.ts";

/** Finds problems that need a walk over all devices, commands and policies: page by page, once a day. */
type Cursor =
  | { walk: "devices"; after: string; tally: FleetTally }
  | { walk: "commands"; after: number; stuck: Stuck }
  | { walk: "profiles" | "declarations"; after: string; failing: Failing[] }
  | { walk: "apps"; after: string; failing: Failing[]; misnamed: Misnamed[] }
  | { walk: "updates"; policy: string; after: string; count: number; overdue: Overdue[] };

type Overdue = { policy: string; count: number };
type Step = { next: Cursor; kept?: Kept } | { kept: Kept };

const size = { devices: 1_000, library: 50, commands: 5_000, waiting: 90, progress: 100 } as const;
/** How many problems of one kind are reported; more would not say anything new. */
const mostOfAKind = 200;
const mostStuck = 2_000;

const begin: Cursor = { walk: "devices", after: "", tally: emptyTally() };

export const fleetProblems: JobKind = jobKind<Cursor>(begin, async (env, cursor, now) => {
  const step = await steps(env, cursor, now);
  const { opened = 0, reminded = 0, closed = 0 } = step.kept ?? {};
  const done = { counts: { opened, reminded, closed }, remarks: [] };
  return "next" in step
    ? { ...done, next: step.next }
    : { ...done, ends: "done", outcome: "all devices were checked" };
});

function steps(env: Env, cursor: Cursor, now: number): Promise<Step> {
  switch (cursor.walk) {
    case "devices":
      return devices(env, cursor, now);
    case "commands":
      return commands(env, cursor, now);
    case "profiles":
    case "declarations":
      return library(env, cursor, now);
    case "apps":
      return apps(env, cursor, now);
    case "updates":
      return updates(env, cursor, now);
  }
}

async function devices(env: Env, cursor: Cursor & { walk: "devices" }, now: number): Promise<Step> {
  const settings = await loadSettings(env, now);
  const rows = await walkEnrolled(openDb(env.DB), cursor.after, size.devices);
  const tally = countFleet(cursor.tally, rows, settings, now);
  const last = rows.at(-1);
  if (rows.length === size.devices && last) return { next: { ...cursor, after: last.id, tally } };
  const codes = counters.map(({ code }) => code);
  const kept = await keepFindings(env, codes, fleetFindings(tally, settings), now);
  return { next: { walk: "commands", after: 0, stuck: { devices: [], requestType: null } }, kept };
}

/** Commands that have waited long, on devices that connect. */
async function commands(env: Env, cursor: Cursor & { walk: "commands" }, now: number): Promise<Step> {
  const db = openDb(env.DB);
  const { problem_queue_days: days } = await loadSettings(env, now);
  const { rows, next } = await walkUnfinished(
    db,
    cursor.after,
    size.commands,
    size.waiting,
    now - days * day,
  );
  const seen =
    rows.length > 0
      ? await seenSince(
          db,
          rows.map(({ deviceId }) => deviceId),
          now - 2 * day,
        )
      : new Set();
  const stuck = rows.filter(({ deviceId }) => seen.has(deviceId));
  const all = {
    devices: [...new Set([...cursor.stuck.devices, ...stuck.map(({ deviceId }) => deviceId)])].slice(
      0,
      mostStuck,
    ),
    requestType: cursor.stuck.requestType ?? stuck[0]?.requestType ?? null,
  };
  if (next !== undefined) return { next: { ...cursor, after: next, stuck: all } };
  const kept = await keepFindings(env, ["queues-stuck"], stuckFindings(all, days), now);
  return { next: { walk: "profiles", after: "", failing: [] }, kept };
}

async function library(
  env: Env,
  cursor: Cursor & { walk: "profiles" | "declarations" },
  now: number,
): Promise<Step> {
  const isProfiles = cursor.walk === "profiles";
  const look = isProfiles ? failingProfiles : failingDeclarations;
  const page = await look(openDb(env.DB), cursor.after, size.library);
  const failing = [...cursor.failing, ...page.failing].slice(0, mostOfAKind);
  if (page.last !== undefined) return { next: { ...cursor, after: page.last, failing } };
  const code = isProfiles ? "profile-failed" : "declaration-failed";
  const kept = await keepFindings(env, [code], failureFindings(code, failing), now);
  return isProfiles
    ? { next: { walk: "declarations", after: "", failing: [] }, kept }
    : { next: { walk: "apps", after: "", failing: [], misnamed: [] }, kept };
}

/** Longer than the longest rest between two attempts: what has failed since then is not tried any more. */
const longestRest = 25 * hour;

async function apps(env: Env, cursor: Cursor & { walk: "apps" }, now: number): Promise<Step> {
  const db = openDb(env.DB);
  const page = await failingApps(db, cursor.after, size.library, now - longestRest);
  const misnamedHere = await misnamedApps(db, cursor.after, size.library);
  const failing = [...cursor.failing, ...page.failing].slice(0, mostOfAKind);
  const misnamed = [...cursor.misnamed, ...misnamedHere].slice(0, mostOfAKind);
  if (page.last !== undefined) return { next: { ...cursor, after: page.last, failing, misnamed } };
  const found = [...givenUpFindings(failing), ...misnamedFindings(misnamed)];
  const kept = await keepFindings(env, ["app-given-up", "app-bundle-id-differs"], found, now);
  return { next: { walk: "updates", policy: "", after: "", count: 0, overdue: [] }, kept };
}

/** Policy by policy, and in each device by device. */
async function updates(env: Env, cursor: Cursor & { walk: "updates" }, now: number): Promise<Step> {
  const db = openDb(env.DB);
  // A policy whose devices are not all counted is first again.
  const policy = await nextPolicy(db, cursor.policy);
  if (policy === undefined) {
    return { kept: await keepFindings(env, ["updates-overdue"], overdueFindings(cursor.overdue), now) };
  }
  const passed = platformsPast(await targetsOf(db, policy, now), now);
  const isOver = policy.removed || passed.length === 0 || policy.sets.length === 0;
  const page = isOver ? [] : await progressOf(db, policy, { limit: size.progress, after: cursor.after, now });
  const late = page.filter((one) => isLate(one, passed));
  const count = cursor.count + late.length;
  const last = page.length === size.progress ? page.at(-1) : undefined;
  if (last) return { next: { ...cursor, after: last.deviceId, count } };
  const overdue = [...cursor.overdue, { policy: policy.name, count }].slice(-mostOfAKind);
  return { next: { walk: "updates", policy: policy.name, after: "", count: 0, overdue } };
}
