import type { AdeRefusal } from "../ade/refusals.ts";
import { accountsOf } from "../db/ade-devices.ts";
import { chooseByHand } from "../db/ade-sync.ts";
import { applyTogether } from "../db/directory.ts";
import { openDb } from "../db/open.ts";
import type { HandOutcome } from "./by-hand.ts";
import { openServer } from "./object.ts";
import type { AskRefusal } from "./service.ts";

/** Devices are named by their serial numbers alone: whose they are is looked up, and each account is asked for its own. */
export type NamedOutcome = { serial: string; account: string | null; outcome: HandOutcome };
export type NamedOutcomes = {
  items: NamedOutcome[];
  refusals: { account: string; refusal: AskRefusal | AdeRefusal }[];
};

export type HandOrder =
  | { what: "assign"; profile: string }
  | { what: "unassign" | "disown" | "refreshDevices" };

export async function orderByHand(
  env: Env,
  order: HandOrder,
  serials: readonly string[],
): Promise<NamedOutcomes> {
  const accounts = await byAccount(env, serials);
  const found = new Map<string, NamedOutcome>();
  const refusals: NamedOutcomes["refusals"] = [];
  for (const [account, own] of accounts) {
    const server = openServer(env, account);
    const answer =
      order.what === "assign" ? await server.assign(order.profile, own) : await server[order.what](own);
    const outcomes = answer.ok ? answer.value.outcomes : own.map(notAsked);
    for (const { serial, outcome } of outcomes) found.set(serial, { serial, account, outcome });
    const refusal = answer.ok ? answer.value.refusal : answer.refusal;
    if (refusal) refusals.push({ account, refusal });
  }
  const items = serials.map(
    (serial) => found.get(serial) ?? { serial, account: null, outcome: "unknown-device" as const },
  );
  return { items, refusals };
}

/** The rules say again which profile they get. How many devices that are. */
export async function followRules(env: Env, serials: readonly string[], now: number): Promise<number> {
  const accounts = await byAccount(env, serials);
  const db = openDb(env.DB);
  await applyTogether(
    db,
    [...accounts].map(([account, own]) => chooseByHand(db, account, own, null, now)),
  );
  await Promise.all([...accounts.keys()].map((account) => openServer(env, account).wake(true)));
  return [...accounts.values()].reduce((sum, own) => sum + own.length, 0);
}

async function byAccount(env: Env, serials: readonly string[]): Promise<Map<string, string[]>> {
  const whose = new Map<string, string>();
  for (const { serial, account } of await accountsOf(openDb(env.DB), serials)) whose.set(serial, account);
  const accounts = new Map<string, string[]>();
  for (const [serial, account] of whose) accounts.set(account, [...(accounts.get(account) ?? []), serial]);
  return accounts;
}

const notAsked = (serial: string): { serial: string; outcome: HandOutcome } => ({
  serial,
  outcome: "not-asked",
});
