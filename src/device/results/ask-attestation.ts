import { day, hour } from "../../base/time.ts";
import { mayAttest } from "../../enrollment/identity-way.ts";
import { platformOf } from "../../mdm/platform.ts";
import type { TakeTurn } from "../alarm/duty-context.ts";
import { inventoryOrigin } from "../queue/origins.ts";
import { sealOwnCommand } from "../queue/own-commands.ts";
import { attestationOf, factsOf, kindOfTerms } from "../turn.ts";
import type { Vault } from "../vault.ts";
import { askQuestions } from "./rounds.ts";

/**
 * Asks a device for an attestation when the last one is older than the setting allows. Apple makes one for a device
 * about once a week and limits the requests, so a device is not asked again at once: even after a failure it is not asked
 * for a day.
 */
const afterFailureMs = day;
/** A DeviceInformation already waits, and the answers must not be confused. */
const afterQuestionMs = 20 * hour;
/** If asked sooner, Apple repeats the last attestation. */
const leastDays = 7;
const nonceBytes = 32;

export type AttestationPlan = { asks: boolean; nextAt: number };

/** `intervalDays`: 0 means never. The setting may change, so the next check is in a week at the latest. */
export function planAttestation(
  intervalDays: number,
  madeAt: number | undefined,
  failedAt: number | undefined,
  now: number,
): AttestationPlan {
  const week = now + 7 * day;
  if (intervalDays <= 0) return { asks: false, nextAt: week };
  const dueAt = Math.max(
    madeAt === undefined ? now : madeAt + Math.max(intervalDays, leastDays) * day,
    failedAt === undefined ? now : failedAt + afterFailureMs,
  );
  if (dueAt > now) return { asks: false, nextAt: Math.min(dueAt, week) };
  return { asks: true, nextAt: now + afterFailureMs };
}

/** `random`: bytes that only an answer to this question can contain. */
export async function askAttestation(
  take: TakeTurn,
  vault: Vault,
  intervalDays: number,
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(nonceBytes)),
): Promise<void> {
  const plan = take(({ store, now }): AttestationPlan => {
    const device = store.device();
    const { ProductName, Model, ModelName, OSVersion } = factsOf(device);
    const names = [ProductName, Model, ModelName];
    const machine = {
      platform: platformOf(names),
      osVersion: OSVersion,
      productName: ProductName ?? Model,
    };
    const isByUser = kindOfTerms(device.terms, store.channel("")?.kind === "user_enrollment") === "user";
    const failure = device.attestation_failure
      ? (JSON.parse(device.attestation_failure) as { at: number })
      : undefined;
    const interval = mayAttest(machine) && !isByUser ? intervalDays : 0;
    const planned = planAttestation(interval, attestationOf(device)?.madeAt, failure?.at, now);
    store.setDevice({ attestation_due_at: planned.nextAt });
    return planned;
  });
  if (!plan.asks) return;
  const question = await sealOwnCommand(vault, {
    RequestType: "DeviceInformation",
    Queries: ["DevicePropertiesAttestation"],
    DeviceAttestationNonce: random,
  });
  take((turn) => {
    if (turn.store.device().state !== "enrolled") return;
    const asked = askQuestions(turn, [question], { userId: "", origin: inventoryOrigin });
    if (!asked.ok || asked.value.asked.length === 0)
      turn.store.setDevice({ attestation_due_at: turn.now + afterQuestionMs });
  });
}
