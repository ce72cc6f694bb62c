/**
 * The reading room: what Apple's device-management schema says of one command, payload, declaration or status item,
 * and what there is for a platform and an OS version. Nothing here knows values; `validate.ts` does.
 */
import { entriesOf, specsOf } from "./library.ts";
import type { Entry, Kind, Platform, Spec } from "./spec.ts";
import { joinVariants } from "./variants.ts";
import { isAtLeast } from "./version.ts";

export const commandSpec = (requestType: string) => specOf("commands", requestType);
/** A type that several files describe (two do) answers all their keys as one; see `variants.ts`. */
export const profileSpec = (payloadType: string) => specOf("profiles", payloadType);
export const declarationSpec = (type: string) => specOf("declarations", type);
export const statusItemSpec = (name: string) => specOf("status-items", name);
export const structureSpec = (name: string) => specOf("structures", name);

export async function specOf(kind: Kind, id: string): Promise<Spec | undefined> {
  return joinVariants(await specsOf(kind, id));
}

export type Filter = {
  platform?: Platform | undefined;
  /** A version of that platform; without a platform, what works with it on any. */
  os?: string | undefined;
};

/** One entry an id, in order of id; without what is not yet, or no longer, there for that platform and version. */
export async function listEntries(kind: Kind, filter: Filter = {}): Promise<Entry[]> {
  const fitting = (await entriesOf(kind)).filter((entry) => fits(entry, filter));
  return fitting.filter((entry, at) => fitting[at - 1]?.id !== entry.id);
}

export async function idsOf(kind: Kind): Promise<string[]> {
  return (await listEntries(kind)).map(({ id }) => id);
}

function fits({ os: table }: Entry, { platform, os }: Filter): boolean {
  if (!platform && !os) return true;
  const candidates = platform ? [table[platform]] : Object.values(table);
  return candidates.some(
    (facts) =>
      facts &&
      facts.removed !== "0" &&
      (!os ||
        ((!facts.introduced || isAtLeast(os, facts.introduced)) &&
          !(facts.removed && isAtLeast(os, facts.removed)))),
  );
}
