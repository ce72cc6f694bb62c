import { mostDevicesPerCall } from "./account.ts";
import type { AdeCall } from "./calls.ts";
import type { AdeClient } from "./client.ts";
import { type AdeDevice, readDevice } from "./device.ts";
import { isObject, type JsonObject, numberAt, textAt } from "./json.ts";
import type { AdeRefusal } from "./refusals.ts";

// What is asked for many devices: in chunks of what Apple takes at once. What was done before a chunk failed is done, and
// is told beside the refusal.

export type DeviceOutcome = "SUCCESS" | "NOT_ACCESSIBLE" | "FAILED" | "THROTTLED";

export type Batch<Answer> = {
  /** By serial number; those that are missing were not asked, or are in the chunk that was refused. */
  answers: Map<string, Answer>;
  /** When devices that are THROTTLED may be asked again, where Apple says it. */
  retryAfterSeconds: number | undefined;
  /** Of the chunk that was refused; those after it were not sent. */
  refusal: AdeRefusal | undefined;
};

/** How long a THROTTLED device waits where Apple does not say it: asking again and again is what throttles. */
export const throttledSeconds = 24 * 60 * 60;

/** No device is left for longer, whatever Apple says. */
const longestThrottleSeconds = 30 * throttledSeconds;

type Chunk<Answer> = { answers: Map<string, Answer>; retryAfterSeconds?: number | undefined };
type ChunkCall<Answer> = (serials: readonly string[]) => AdeCall<Chunk<Answer>>;

async function inChunks<Answer>(
  client: AdeClient,
  serials: readonly string[],
  callOf: ChunkCall<Answer>,
  most: number,
): Promise<Batch<Answer>> {
  const waiting = [...new Set(serials)];
  const answers = new Map<string, Answer>();
  let retryAfterSeconds: number | undefined;
  for (let at = 0; at < waiting.length; at += most) {
    const chunk = await client.call(callOf(waiting.slice(at, at + most)));
    if (!chunk.ok) return { answers, retryAfterSeconds, refusal: chunk.refusal };
    for (const [serial, answer] of chunk.value.answers) answers.set(serial, answer);
    const seconds = chunk.value.retryAfterSeconds;
    if (seconds !== undefined) retryAfterSeconds = Math.max(seconds, retryAfterSeconds ?? 0);
  }
  return { answers, retryAfterSeconds, refusal: undefined };
}

/** Each device's next activation gets this profile. */
export const assignProfile = (
  client: AdeClient,
  profileUuid: string,
  serials: readonly string[],
  most = mostDevicesPerCall,
): Promise<Batch<DeviceOutcome>> =>
  inChunks(
    client,
    serials,
    (devices) => ({
      method: "POST",
      otherMethod: "PUT",
      path: "/profile/devices",
      body: { profile_uuid: profileUuid, devices },
      asked: "profile",
      read: (body) => readOutcomes(body, devices),
    }),
    most,
  );

/** Changes nothing for a device that has its profile already. */
export const unassignProfile = (
  client: AdeClient,
  serials: readonly string[],
  profileUuid?: string,
  most = mostDevicesPerCall,
): Promise<Batch<DeviceOutcome>> =>
  inChunks(
    client,
    serials,
    (devices) => ({
      method: "DELETE",
      path: "/profile/devices",
      body: profileUuid === undefined ? { devices } : { devices, profile_uuid: profileUuid },
      read: (body) => readOutcomes(body, devices),
    }),
    most,
  );

/** Lets devices go from the organisation, which only a reseller or Apple Configurator can undo. */
export const disownDevices = (
  client: AdeClient,
  serials: readonly string[],
  most = mostDevicesPerCall,
): Promise<Batch<DeviceOutcome>> =>
  inChunks(
    client,
    serials,
    (devices) => ({
      method: "POST",
      path: "/devices/disown",
      body: { devices },
      read: (body) => readOutcomes(body, devices),
    }),
    most,
  );

/** What Apple knows of these devices; `response_status` says whether it does. */
export const deviceDetails = (
  client: AdeClient,
  serials: readonly string[],
  most = mostDevicesPerCall,
): Promise<Batch<AdeDevice>> =>
  inChunks(
    client,
    serials,
    (devices) => ({
      method: "POST",
      path: "/devices",
      body: { devices },
      read: (body) => readDetails(body, devices),
    }),
    most,
  );

/** A device that Apple says nothing of has failed. */
function readOutcomes(body: JsonObject, serials: readonly string[]): Chunk<DeviceOutcome> | undefined {
  const { devices } = body;
  if (!isObject(devices)) return undefined;
  const answers = new Map(serials.map((serial) => [serial, outcomeAt(devices, serial)]));
  const seconds = numberAt(body, "retry_after_seconds");
  const retryAfterSeconds =
    seconds === undefined ? undefined : Math.min(Math.max(0, Math.ceil(seconds)), longestThrottleSeconds);
  return { answers, retryAfterSeconds };
}

function outcomeAt(devices: JsonObject, serial: string): DeviceOutcome {
  const outcome = Object.hasOwn(devices, serial) ? textAt(devices, serial)?.toUpperCase() : undefined;
  return outcome === "SUCCESS" || outcome === "NOT_ACCESSIBLE" || outcome === "THROTTLED"
    ? outcome
    : "FAILED";
}

function readDetails(body: JsonObject, serials: readonly string[]): Chunk<AdeDevice> | undefined {
  const { devices } = body;
  if (!isObject(devices)) return undefined;
  const answers = new Map<string, AdeDevice>();
  for (const serial of serials) {
    const device = Object.hasOwn(devices, serial) ? readDevice(devices[serial], serial) : undefined;
    answers.set(serial, device ?? { serial_number: serial, response_status: "FAILED" });
  }
  return { answers };
}
