// Which devices do not keep which rule: what the server knows of its profiles and declarations on them, and their facts.
import { type Client, ProblemError } from "../../../client/src/index.ts";
import { all } from "../lists.ts";
import type { IndexedRule } from "./index-file.ts";
import type { Filter } from "./sets.ts";

export type Deviation = { device_id: string; reason: string };

export type RuleState = {
  rule: string;
  title: string;
  /** `missing`: the server does not have it; nobody keeps it. */
  state: "kept" | "drifts" | "waiting" | "missing" | "nobody";
  drifting: number;
  waiting: number;
  devices: readonly Deviation[];
};

type Standing = { missing?: true; bad: number; waiting: number; total: number; devices: Deviation[] };

/** States in which a device does not have what it should. `pending` may still become right by itself. */
const badStates = {
  profile: ["failed", "not_applicable"],
  declaration: ["invalid", "unknown_to_device", "stale", "inactive"],
} as const;

/** Devices that are named; the counts are of all. */
const mostNamed = 200;

export async function driftOf(
  rules: readonly IndexedRule[],
  filters: readonly Filter[],
  api: Client,
): Promise<RuleState[]> {
  const known = new Map<string, Promise<Standing>>();
  const once = (key: string, ask: () => Promise<Standing>): Promise<Standing> => {
    const asked = known.get(key) ?? orMissing(ask());
    known.set(key, asked);
    return asked;
  };
  return Promise.all(
    rules.map(async ({ rule, title, profiles, declarations, broken }) => {
      const standings = await Promise.all([
        ...profiles.map((name) => once(`profile ${name}`, () => ofProfile(api, name))),
        ...declarations.map((name) => once(`declaration ${name}`, () => ofDeclaration(api, name))),
        ...(broken ? filters.map((filter) => breaking(api, { ...filter, ...broken })) : []),
      ]);
      return { rule, title, ...joined(standings) };
    }),
  );
}

async function orMissing(standing: Promise<Standing>): Promise<Standing> {
  return standing.catch((fault: unknown) => {
    if (!(fault instanceof ProblemError) || fault.problem.status !== 404) throw fault;
    return { missing: true, bad: 0, waiting: 0, total: 0, devices: [] };
  });
}

async function ofProfile(api: Client, identifier: string): Promise<Standing> {
  const at = "/profiles/{identifier}/devices";
  const path = { identifier };
  const { counts } = await api.get(at, { path, query: { limit: 1 } });
  const pages = await Promise.all(
    badStates.profile
      .filter((state) => counts[state])
      .map((state) => api.get(at, { path, query: { state, limit: mostNamed } })),
  );
  const devices = pages.flatMap(({ items }) =>
    items.map(({ device_id, state, reason }) => ({ device_id, reason: wordsOf(state, reason) })),
  );
  return { ...counted(counts, badStates.profile), devices };
}

async function ofDeclaration(api: Client, identifier: string): Promise<Standing> {
  const at = "/declarations/{identifier}/status";
  const path = { identifier };
  const { counts } = await api.get(at, { path, query: { limit: 1 } });
  const standing = counted(counts, badStates.declaration);
  // One that the server does not have has no states either, and that is no error.
  if (standing.total === 0) await api.get("/declarations/{identifier}", { path });
  const pages = await Promise.all(
    badStates.declaration
      .filter((state) => counts[state])
      .map((state) => api.get(at, { path, query: { state, limit: mostNamed } })),
  );
  const devices = pages.flatMap(({ items }) =>
    items.map(({ device_id, state, reasons: [first] }) => ({
      device_id,
      reason: wordsOf(state, first?.description ?? first?.code),
    })),
  );
  return { ...standing, devices };
}

const wordsOf = (state: string, why: string | null | undefined): string => (why ? `${state}: ${why}` : state);

function counted(
  counts: Readonly<Record<string, number | undefined>>,
  bad: readonly string[],
): Pick<Standing, "bad" | "waiting" | "total"> {
  const sum = (states: readonly string[]) => states.reduce((all, state) => all + (counts[state] ?? 0), 0);
  return { bad: sum(bad), waiting: counts.pending ?? 0, total: sum(Object.keys(counts)) };
}

async function breaking(api: Client, filter: Filter): Promise<Standing> {
  const query = { ...filter, state: "enrolled" as const };
  const { count } = await api.get("/devices", { query: { ...query, count: true, limit: 1 } });
  const found = await all(api.list("/devices", { query }), mostNamed);
  const reason = Object.entries(filter)
    .filter(([name]) => name === "encrypted" || name.startsWith("passcode"))
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${value === true ? "yes" : "no"}`)
    .join(", ");
  const devices = found.map(({ id }) => ({ device_id: id, reason }));
  return { bad: count?.items ?? devices.length, waiting: 0, total: 0, devices };
}

/** A device that deviates in two places is one; where not all are named, the largest count stands. */
function joined(standings: readonly Standing[]): Omit<RuleState, "rule" | "title"> {
  const devices = [
    ...new Map(standings.flatMap((one) => one.devices).map((one) => [one.device_id, one])).values(),
  ];
  const drifting = Math.max(devices.length, ...standings.map(({ bad }) => bad));
  const waiting = Math.max(0, ...standings.map((one) => one.waiting));
  const isMissing = standings.some(({ missing }) => missing);
  const isForNobody = standings.every(({ total, bad }) => total === 0 && bad === 0);
  const state = isMissing
    ? "missing"
    : drifting > 0
      ? "drifts"
      : waiting > 0
        ? "waiting"
        : isForNobody
          ? "nobody"
          : "kept";
  return { state, drifting, waiting, devices };
}
