import { ok } from "../../base/result.ts";
import { obstacles, platformOf } from "../../catalog/availability.ts";
import type { Context } from "../../catalog/context.ts";
import { factsFor } from "../../catalog/facts.ts";
import { commandSpec } from "../../catalog/lookup.ts";
import { completed, type Helper } from "./help.ts";

/** All that this device would answer, as the catalogue says, but for what costs it more than looking. */
export const deviceInformation: Helper = async (payload, { subject }) =>
  payload.has("Queries")
    ? ok(payload)
    : ok(completed(payload, new Map([["Queries", await defaultQueries(subject.context)]])));

/** An attestation asks Apple, at most once a week; a preflight takes a Mac seconds. */
const onlyOnRequest = ["DevicePropertiesAttestation", "EACSPreflight"];

export async function defaultQueries(context: Context): Promise<string[]> {
  const spec = await commandSpec("DeviceInformation");
  const choices = spec?.keys.find(({ name }) => name === "Queries")?.items?.choices ?? [];
  const platform = platformOf(context);
  return choices
    .filter(({ value, os }) => {
      if (onlyOnRequest.includes(value)) return false;
      if (!spec || !platform) return os === undefined || Object.values(os).some((facts) => facts !== null);
      const facts = factsFor(spec.os, os, platform);
      // What is not known of a Shared iPad is asked of none: the device would leave it out anyway.
      return facts ? obstacles(facts, facts, assumed(context), platform).length === 0 : false;
    })
    .map(({ value }) => value);
}

const assumed = (context: Context): Context => ({
  ...context,
  sharedIpad: context.sharedIpad ?? false,
  supervised: context.supervised ?? true,
});
