import { obstacles, platformOf } from "../catalog/availability.ts";
import type { Context } from "../catalog/context.ts";
import { factsFor } from "../catalog/facts.ts";
import { commandSpec } from "../catalog/lookup.ts";
import type { PlistInput } from "../plist/value.ts";

/** What a device is asked for its inventory: as much as its system, its enrollment and its rights let it answer. */
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

/** Without `lists`, only what is not long. */
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
  // A Mac lists those of iPhone apps only, and hardly any Mac has one.
  if (requestType === "ProvisioningProfileList" && platform === "macos") return false;
  // Every system has answered these since it can be managed at all.
  if (!platform) return facts.includes(requestType);
  const said = (await commandSpec(requestType))?.os[platform];
  if (!said) return false;
  const known = obstacles(said, said, cautious(context), platform);
  return known.every(({ code }) => code === "deprecated");
}

/** A command that is refused is an error for all to see: what is not known counts as not given. */
const cautious = (context: Context): Context => ({
  ...context,
  sharedIpad: context.sharedIpad ?? false,
  supervised: context.supervised ?? false,
});

/** An attestation asks Apple, at most once a week; a preflight takes a Mac seconds. */
const onlyOnRequest = ["DevicePropertiesAttestation", "EACSPreflight"];

/** All that this device would answer, as the catalogue says, but for what costs it more than looking. */
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

/** A query too many is left out of the answer, and does no harm; but a Shared iPad's are asked of none that may not be one. */
const hopeful = (context: Context): Context => ({
  ...context,
  sharedIpad: context.sharedIpad ?? false,
  supervised: context.supervised ?? true,
});
