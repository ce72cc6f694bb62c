import { ok, type Result, refuse } from "../../base/result.ts";
import { day, minute } from "../../base/time.ts";
import type { ActivityOrder } from "../../business-api/activity.ts";
import type { BusinessRefusal } from "../../business-api/refusals.ts";
import { openDb } from "../../db/open.ts";
import { findOpenFor, insertActivity, type PortalActivityRow } from "../../db/portal-activities.ts";
import { openPortal } from "./object.ts";

/** What a person orders is kept before Apple is told: the account's object sends it, and follows it to its end. */
export type OrderRefusal =
  | { reason: "deadline" | "unknown-server" | "under-way"; detail: string }
  | { reason: "apple"; apple: BusinessRefusal };

/** Apple takes no deadline that is further away. */
const furthestMs = 90 * day;
/** An organisation has a few. */
const mostServers = 1_000;

export async function orderActivity(
  env: Env,
  account: string,
  order: ActivityOrder,
  serials: readonly string[],
  by: string,
  now: number,
): Promise<Result<PortalActivityRow, OrderRefusal>> {
  const { what } = order;
  const deadline = what === "cancel" ? undefined : order.deadline;
  if (deadline !== undefined && deadline > now + furthestMs)
    return refuse({ reason: "deadline", detail: "Apple takes deadlines of at most 90 days ahead" });
  if (what === "move" && deadline !== undefined && deadline < now + minute)
    return refuse({ reason: "deadline", detail: "the deadline of a move must lie ahead" });
  const db = openDb(env.DB);
  const open = await findOpenFor(db, account, serials);
  if (open)
    return refuse({
      reason: "under-way",
      detail: `${open.serial} is in the activity ${open.id}, which is not over: wait for its end`,
    });
  const server = what === "move" ? await serverNamed(env, account, order.serverId) : ok(undefined);
  if (!server.ok) return server;
  const row: PortalActivityRow = {
    id: crypto.randomUUID(),
    account,
    what,
    serverId: server.value?.id ?? null,
    serverName: server.value?.serverName ?? null,
    deadline: deadline ?? null,
    devices: serials.length,
    state: "waiting",
    appleId: null,
    subStatus: null,
    trouble: null,
    tries: 0,
    nextAt: now,
    createdAt: now,
    createdBy: by,
    sentAt: null,
    finishedAt: null,
  };
  await insertActivity(db, row, serials);
  await openPortal(env, account).wake(true);
  return ok(row);
}

async function serverNamed(env: Env, account: string, id: string) {
  const servers = await openPortal(env, account).servers(undefined, mostServers);
  if (!servers.ok) return refuse<OrderRefusal>({ reason: "apple", apple: servers.refusal });
  const server = servers.value.items.find((one) => one.id === id);
  if (server) return ok(server);
  const detail = `the organisation has no device management server ${id}`;
  return refuse<OrderRefusal>({ reason: "unknown-server", detail });
}
