import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { saveProfile } from "../../src/library/profiles.ts";
import type { PlistDict, PlistValue } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import { ask } from "./admin.ts";
import { alarmOf, objectOf } from "./fleet.ts";
import { finish, jobObject } from "./jobs.ts";

/** Sets, what is in them, and devices that follow them. */
type ProfileParts = {
  rollout?: string;
  ssid?: string;
  payloadType?: string;
  top?: Record<string, PlistValue>;
  encrypted?: boolean;
};

/** A Wi-Fi profile of the library, or another of one payload. */
export async function libraryProfile(
  identifier: string,
  {
    ssid = "Office",
    payloadType = "com.apple.wifi.managed",
    top = {},
    encrypted,
    rollout,
  }: ProfileParts = {},
): Promise<void> {
  const payload: PlistDict = new Map<string, PlistValue>([
    ["PayloadType", payloadType],
    ["PayloadVersion", 1],
    ["PayloadIdentifier", `${identifier}.payload`],
    ["PayloadUUID", crypto.randomUUID().toUpperCase()],
    ["SSID_STR", ssid],
  ]);
  const dict: PlistDict = new Map<string, PlistValue>([
    ["PayloadType", "Configuration"],
    ["PayloadVersion", 1],
    ["PayloadIdentifier", identifier],
    ["PayloadUUID", crypto.randomUUID().toUpperCase()],
    ["PayloadDisplayName", identifier],
    ["PayloadContent", [payload]],
    ...Object.entries(top),
  ]);
  const content = writePlist(dict);
  const input = {
    identifier,
    content,
    dict,
    signedBy: null,
    encrypted,
    by: "test",
    ...(rollout && { rollout }),
  };
  await saveProfile(env, input, Date.now());
}

type Members = {
  profiles?: string[];
  declarations?: string[];
  apps?: string[];
  optional?: { profiles?: string[]; declarations?: string[]; apps?: string[] };
  activate?: boolean;
  filter?: Record<string, unknown>;
};

export const putSet = async (name: string, members: Members) => {
  const answer = await ask("PUT", `/api/v1/sets/${encodeURIComponent(name)}`, { json: members });
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.json;
};

export const giveSets = async (device: { id: string }, sets: string[], userId?: string) => {
  const channel = userId === undefined ? "" : `?channel=${userId}`;
  const answer = await ask("PUT", `/api/v1/devices/${device.id}/sets${channel}`, { json: { sets } });
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.json;
};

/** All that the server does by itself about a change: whom it concerns is told, these devices look, and what they tell arrives. */
export async function settle(...devices: { id: string }[]): Promise<void> {
  for (const job of ["rollouts", "assign"] as const)
    if ((await jobObject(job).status())?.state === "running") await finish(job);
  for (const device of devices) while (await hasWork(device)) await alarmOf(device);
}

const hasWork = async (device: { id: string }): Promise<boolean> =>
  runInDurableObject(objectOf(device), async (_, state) => {
    const soon = Date.now() + 5_000;
    // Where a test moved the clock, the alarm does not fire by itself.
    if (((await state.storage.getAlarm()) ?? soon + 1) <= Date.now()) return true;
    const query = `SELECT (SELECT intent_due_at FROM device) <= ? OR EXISTS (SELECT 1 FROM outbox) AS has_work`;
    return state.storage.sql.exec(query, soon).one().has_work === 1;
  });
