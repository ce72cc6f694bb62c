import { mapInFlight } from "../../base/in-flight.ts";
import { minute } from "../../base/time.ts";
import { type ListedDevice, walkClaims, walkDirectory, walkUnfinished } from "../../db/fleet.ts";
import { openDb } from "../../db/open.ts";
import { askDevice, devicesAPage, mostInFlight } from "../ask-device.ts";
import { jobKind } from "../job-kind.ts";
import { type Counts, type Page, type Remark, sum } from "../run.ts";
import { compare, type Finding } from "./repair-findings.ts";

/**
 * The directory gets its data from the events of the devices' objects. If an event is lost, this job finds out: it walks
 * the directory, then the devices that have an identity and are not listed, then the commands listed as waiting, and asks
 * each device's object.
 */
type Cursor =
  | { walk: "directory"; after: string }
  | { walk: "claims"; after: string }
  | { walk: "commands"; after: number };

const claimsAPage = 1_000;
const commandsAPage = 200;
const commandWindow = 10_000;
/** A command younger than this may be on its way in either direction. */
const settledMs = 10 * minute;

export const repair = jobKind<Cursor>({ walk: "directory", after: "" }, (env, cursor, now) => {
  switch (cursor.walk) {
    case "directory":
      return directoryPage(env, cursor.after, now);
    case "claims":
      return claimsPage(env, cursor.after, now);
    case "commands":
      return commandsPage(env, cursor.after, now);
  }
});

async function directoryPage(env: Env, after: string, now: number): Promise<Page<Cursor>> {
  const listed = await walkDirectory(openDb(env.DB), after, devicesAPage);
  const findings = await mendAll(env, listed, now);
  const last = listed.length === devicesAPage ? listed.at(-1) : undefined;
  return {
    ...findings,
    next: last ? { walk: "directory", after: last.id } : { walk: "claims", after: "" },
  };
}

async function claimsPage(env: Env, after: string, now: number): Promise<Page<Cursor>> {
  const claims = await walkClaims(openDb(env.DB), after, claimsAPage);
  const unlisted = claims.filter(({ listed }) => !listed).slice(0, devicesAPage);
  const findings = await mendAll(env, unlisted, now);
  const isWhole = unlisted.length < devicesAPage && claims.length < claimsAPage;
  const reached = unlisted.length === devicesAPage ? unlisted.at(-1) : claims.at(-1);
  return {
    ...findings,
    next: isWhole || !reached ? { walk: "commands", after: 0 } : { walk: "claims", after: reached.id },
  };
}

async function commandsPage(env: Env, after: number, now: number): Promise<Page<Cursor>> {
  const db = openDb(env.DB);
  const { rows, next } = await walkUnfinished(db, after, commandWindow, commandsAPage, now - settledMs);
  const devices = [...Map.groupBy(rows, ({ deviceId }) => deviceId)];
  const answers = await mapInFlight(devices, mostInFlight, async ([deviceId, commands]): Promise<Found> => {
    const believed = commands.map(({ id: _id, deviceId: _deviceId, ...command }) => command);
    const told = await askDevice(env, deviceId, (device) => device.announceCommands(believed));
    if (!told.ok) return { counts: { unreachable: 1 }, remark: { about: deviceId, ...told.refusal } };
    return { counts: { commands_checked: commands.length, commands_mended: told.value } };
  });
  const found = together(answers);
  return next === undefined
    ? { ...found, ends: "done", outcome: "every device of the directory was asked" }
    : { ...found, next: { walk: "commands", after: next } };
}

type Found = { counts: Counts; remark?: Remark };

async function mendAll(
  env: Env,
  devices: readonly (ListedDevice | { id: string })[],
  now: number,
): Promise<{ counts: Counts; remarks: Remark[] }> {
  return together(await mapInFlight(devices, mostInFlight, (device) => mend(env, device, now)));
}

async function mend(env: Env, device: ListedDevice | { id: string }, now: number): Promise<Found> {
  const listed = "state" in device ? device : undefined;
  const found = await askDevice(env, device.id, async (object) => {
    const finding = compare(listed, await object.survey(), now);
    if (finding === "announce") await object.announce();
    if (finding === "deliver") await object.deliver();
    return finding;
  });
  if (!found.ok) {
    return { counts: { unreachable: 1 }, remark: { about: device.id, detail: found.refusal.detail } };
  }
  return { counts: { checked: 1, ...countOf[found.value] }, ...remarkOf(device.id, found.value) };
}

const countOf: Record<Finding, Counts> = {
  right: {},
  "in-transit": { in_transit: 1 },
  deliver: { delivered: 1 },
  announce: { mended: 1 },
  "no-object": { without_object: 1 },
  "never-enrolled": {},
};

const remarkOf = (about: string, finding: Finding): { remark?: Remark } =>
  finding === "no-object"
    ? {
        remark: {
          about,
          detail:
            "the directory lists it, but its object is empty: an enrolled device is adopted when it next connects; otherwise delete or enroll it",
        },
      }
    : {};

const together = (found: readonly Found[]): { counts: Counts; remarks: Remark[] } => ({
  counts: found.reduce<Counts>((counts, one) => sum(counts, one.counts), {}),
  remarks: found.flatMap(({ remark }) => remark ?? []),
});
