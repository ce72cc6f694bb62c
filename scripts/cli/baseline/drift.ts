// Which devices do not keep which rule: what the server knows of its profiles and declarations on them, and their facts.
import { itemsOf, membersOf } from "../answers.ts";
import { type Api, type Query, Refusal } from "../api.ts";
import type { IndexedRule } from "./index-file.ts";

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
  profiles: ["failed", "not_applicable"],
  declarations: ["invalid", "unknown_to_device", "stale", "inactive"],
} as const;

/** Devices that are named; the counts are of all. */
const mostNamed = "200";

export async function driftOf(
  rules: readonly IndexedRule[],
  filters: readonly Query[],
  api: Api,
): Promise<RuleState[]> {
  const known = new Map<string, Promise<Standing>>();
  const standing = (path: string, states: readonly string[]): Promise<Standing> => {
    const asked = known.get(path) ?? standingAt(api, path, states);
    known.set(path, asked);
    return asked;
  };
  return Promise.all(
    rules.map(async ({ rule, title, profiles, declarations, broken }) => {
      const standings = await Promise.all([
        ...profiles.map((id) => standing(`/profiles/${encodeURIComponent(id)}/devices`, badStates.profiles)),
        ...declarations.map((id) =>
          standing(`/declarations/${encodeURIComponent(id)}/status`, badStates.declarations),
        ),
        ...(broken ? filters.map((filter) => breaking(api, { ...filter, ...broken })) : []),
      ]);
      return { rule, title, ...joined(standings) };
    }),
  );
}

async function standingAt(api: Api, path: string, bad: readonly string[]): Promise<Standing> {
  try {
    const counts = membersOf((await api.get(path, { limit: "1" })).counts);
    const count = (state: string): number => Number(counts[state] ?? 0);
    const pages = await Promise.all(
      bad
        .filter((state) => count(state) > 0)
        .map(async (state) => itemsOf((await api.get(path, { state, limit: mostNamed })).items)),
    );
    const total = Object.keys(counts).reduce((sum, state) => sum + count(state), 0);
    // A declaration that the server does not have has no states, and is no error.
    if (total === 0) await api.get(path.replace(/\/(devices|status)$/, ""));
    return {
      bad: bad.reduce((sum, state) => sum + count(state), 0),
      waiting: count("pending"),
      total,
      devices: pages.flat().map((item) => deviationOf(membersOf(item))),
    };
  } catch (fault) {
    if (!(fault instanceof Refusal) || fault.problem.status !== 404) throw fault;
    return { missing: true, bad: 0, waiting: 0, total: 0, devices: [] };
  }
}

function deviationOf({ device_id, state, reason, reasons }: Readonly<Record<string, unknown>>): Deviation {
  const [first] = itemsOf(reasons).map(membersOf);
  const why = reason ?? first?.description ?? first?.code;
  return { device_id: String(device_id), reason: why ? `${state}: ${why}` : String(state) };
}

async function breaking(api: Api, filter: Query): Promise<Standing> {
  const page = await api.get("/devices", { ...filter, state: "enrolled", limit: mostNamed, count: "true" });
  const devices = itemsOf(page.items).map((item) => ({
    device_id: String(membersOf(item).id),
    reason: Object.entries(filter)
      .filter(([name]) => name === "encrypted" || name.startsWith("passcode"))
      .map(([name, value]) => `${name.replaceAll("_", " ")}: ${value === "true" ? "yes" : "no"}`)
      .join(", "),
  }));
  const bad = Number(membersOf(page.count).items ?? devices.length);
  return { bad, waiting: 0, total: 0, devices };
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
