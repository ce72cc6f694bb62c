import { causeMessage } from "../base/cause.ts";
import { withDeadline } from "../base/deadline.ts";
import { logFault } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Device } from "../device/object.ts";

/** How many devices one page of a job asks, and how many of them at once. */
export const devicesAPage = 200;
export const mostInFlight = 50;

const patienceMs = 15_000;

export type Unreachable = { reason: "unreachable"; detail: string };

/**
 * Asks one device's object. No answer or a fault is a refusal and does not delay the others. A stub is broken after a
 * failed call, so the second try has its own stub.
 */
export async function askDevice<Answer>(
  env: Env,
  deviceId: string,
  question: (device: DurableObjectStub<Device>) => Promise<Answer>,
): Promise<Result<Answer, Unreachable>> {
  const ask = () =>
    withDeadline(
      patienceMs,
      () => question(env.DEVICE.getByName(deviceId)),
      () => new Error(`the device's object did not answer within ${patienceMs} ms`),
    );
  try {
    return ok(await ask().catch((fault) => (isPassing(fault) ? ask() : Promise.reject(fault))));
  } catch (fault) {
    logFault("job.device_unreachable", fault, { device_id: deviceId });
    return refuse({ reason: "unreachable", detail: causeMessage(fault) });
  }
}

const isPassing = (fault: unknown): boolean =>
  fault instanceof Error && Object(fault).retryable === true && Object(fault).overloaded !== true;
