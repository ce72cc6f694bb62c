import { obstacles, platformOf } from "../catalog/availability.ts";
import type { Context } from "../catalog/context.ts";
import { factsFor } from "../catalog/facts.ts";
import { commandSpec } from "../catalog/lookup.ts";
import type { PlistInput } from "../plist/value.ts";

/** The questions for a device's inventory: those that its system, its enrollment and its rights allow it to answer. */
export type Question = { requestType: string; payload: { [key: string]: PlistInput } };

const facts = ["DeviceInformation", "SecurityInfo"];
const asked = [
  ...facts,
  "InstalledApplicationList",
  "ManagedApplicationList",
  "ProfileList",
  "CertificateList",
  "ProvisioningProfileList",
  "UserList",
  "AvailableOSUpdates",
];

/** Without `lists`, only the short questions. */
export async function questionsFor(context: Context, lists = true): Promise<Question[]> {
  const wanted = lists ? asked : facts;
  const fit = await Promise.all(wanted.map((requestType) => isAnswered(requestType, context)));
  const types = wanted.filter((_, at) => fit[at]);
  return Promise.all(
    types.map(async (requestType) => ({
      requestType,
      payload: requestType === "DeviceInformation" ? { Queries: await defaultQueries(context) } : {},
    })),
  );
}

async function isAnswered(requestType: string, context: Context): Promise<boolean> {
  const platform = platformOf(context);
  // A Mac lists only those of iPhone apps, and hardly any Mac has one.
  if (requestType === "ProvisioningProfileList" && platform === "macos") return false;
  // Every system that can be managed answers these.
  if (!platform) return facts.includes(requestType);
  const said = (await commandSpec(requestType))?.os[platform];
  if (!said) return false;
  const known = obstacles(said, said, cautious(context), platform);
  return known.every(({ code }) => code === "deprecated");
}

/** A refused command is a visible error: an unknown right counts as not given. */
const cautious = (context: Context): Context => ({
  ...context,
  sharedIpad: context.sharedIpad ?? false,
  supervised: context.supervised ?? false,
});

/** An attestation asks Apple, at most once a week; a preflight takes a Mac seconds. */
const onlyOnRequest = ["DevicePropertiesAttestation", "EACSPreflight"];

/** All queries that this device can answer according to the catalogue, except expensive ones. */
export async function defaultQueries(context: Context): Promise<string[]> {
  const spec = await commandSpec("DeviceInformation");
  const choices = spec?.keys.find(({ name }) => name === "Queries")?.items?.choices ?? [];
  const platform = platformOf(context);
  return choices
    .filter(({ value, os }) => {
      if (onlyOnRequest.includes(value)) return false;
      if (!spec || !platform) return os === undefined || Object.values(os).some((facts) => facts !== null);
      const facts = factsFor(spec.os, os, platform);
      return facts ? obstacles(facts, facts, hopeful(context), platform).length === 0 : false;
    })
    .map(({ value }) => value);
}

/** An extra query does no harm, because it is left out of the answer. But queries for Shared iPads need a known Shared iPad. */
const hopeful = (context: Context): Context => ({
  ...context,
  sharedIpad: context.sharedIpad ?? false,
  supervised: context.supervised ?? true,
});
