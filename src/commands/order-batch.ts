import { loadSettings } from "../admin/settings.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { minute } from "../base/time.ts";
import { checkCommand } from "../catalog/check.ts";
import { type Finding, type FindingCode, refusesIn, type ValidationMode } from "../catalog/finding.ts";
import { deleteBatch, insertBatch } from "../db/batches.ts";
import type { DeviceFilters } from "../db/device-filters.ts";
import { type DevicePlace, listDevices } from "../db/device-list.ts";
import { type Db, openDb } from "../db/open.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { announceServerEvent } from "../events/announce.ts";
import { sealText } from "../pki/seal.ts";
import { batchPayloadContext } from "../pki/seal-contexts.ts";
import type { PlistDict } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";
import type { BatchOrder } from "./batch.ts";
import { type BatchReport, batchObject } from "./batch-object.ts";
import { completeShared, completesPerDevice, withoutOwnKeys } from "./complete/complete.ts";
import type { CompletionRefusal } from "./complete/completer.ts";
import { isDestructive } from "./destructive.ts";

/** A request for one command to many channels. */
export type BatchInput = {
  requestType: string;
  payload: PlistDict;
  targets: { ids: readonly string[] } | { filters: DeviceFilters };
  mode: ValidationMode;
  expiresAt: number | null;
  rate: number | null;
  high: boolean;
  /** false: no device is woken for it. */
  push?: boolean;
  /** The CommandUUID of all its commands, which nobody has used; otherwise one is made. */
  id?: string;
  /** How many devices the caller expects to reach. */
  confirm: number | undefined;
  createdBy: string;
  isAdmin: boolean;
};

export type BatchRefusal =
  | CompletionRefusal
  | { reason: "unfit"; findings: Finding[] }
  | { reason: "command-too-large"; detail: string }
  | { reason: "needs-admin"; detail: string }
  | { reason: "unconfirmed"; targets: number; detail: string }
  | { reason: "too-destructive"; detail: string };

/** The limit of a database row in base64, a little less than a device takes in one command. */
const largestPayload = 1_300_000;

export async function orderBatch(
  env: Env,
  input: BatchInput,
  now: number,
): Promise<Result<{ report: BatchReport; findings: Finding[] }, BatchRefusal>> {
  const { requestType, mode, isAdmin } = input;
  const helped = await completeShared(requestType, input.payload, env, now);
  if (!helped.ok) return helped;
  const findings = mode === "off" ? [] : await findingsOf(requestType, helped.value);
  if (refusesIn(mode, findings)) return refuse({ reason: "unfit", findings });
  const bytes = writePlist(helped.value);
  if (bytes.length > largestPayload) {
    const detail = `the payload has ${bytes.length} bytes; a batch takes at most ${largestPayload}`;
    return refuse({ reason: "command-too-large", detail });
  }
  const careful = isDestructive(requestType, helped.value);
  if (careful && !isAdmin) {
    return refuse({
      reason: "needs-admin",
      detail: `${requestType} cannot be undone; it needs the role admin`,
    });
  }
  const db = openDb(env.DB);
  const settings = await loadSettings(env, now);
  const most = settings.destructive_targets_per_hour;
  const identifiers = settings.trust_reported_identifiers ? "reported" : "proven";
  const reached = careful ? await fixedTargets(db, input, most, identifiers) : ok(targetsOf(input));
  if (!reached.ok) return reached;
  const { ids, targets, destroys } = reached.value;
  const heldUntil = destroys > 1 ? now + settings.destructive_hold_minutes * minute : null;
  const id = input.id ?? crypto.randomUUID().toUpperCase();
  const payloadSealed = await sealText(await sealingKeys(env), batchPayloadContext(id), bytes);
  const { createdBy, expiresAt, rate, high, push } = input;
  const asked = { id, requestType, createdBy, createdAt: now };
  const order: BatchOrder = {
    ...asked,
    mode,
    targets,
    heldUntil,
    expiresAt,
    rate,
    high,
    ...(push !== undefined && { push }),
  };
  const state = heldUntil === null ? ("running" as const) : ("held" as const);
  const limit = { since: now - 60 * minute, most };
  if (!(await insertBatch(db, { ...asked, state, destroys, payloadSealed }, limit))) {
    return refuse(tooDestructive(destroys, most));
  }
  return ok({ report: await startBatch(env, db, order, ids, destroys), findings });
}

/** Keys that are missing here and may be added for each device. */
const helped: ReadonlySet<FindingCode> = new Set(["missing-key", "needs-key", "one-of"]);

async function findingsOf(requestType: string, payload: PlistDict): Promise<Finding[]> {
  const findings = await checkCommand(requestType, withoutOwnKeys(requestType, payload));
  return completesPerDevice(requestType) ? findings.filter(({ code }) => !helped.has(code)) : findings;
}

type Reached = { ids: readonly string[]; targets: BatchOrder["targets"]; destroys: number };

export function targetsOf({ targets }: Pick<BatchInput, "targets">): Reached {
  if ("filters" in targets) return { ids: [], targets, destroys: 0 };
  const ids = [...new Set(targets.ids)];
  return { ids, targets: { count: ids.length }, destroys: 0 };
}

/** A command that cannot be undone goes only to the confirmed devices, and not to devices that match the filter later. */
async function fixedTargets(
  db: Db,
  { targets, confirm }: BatchInput,
  most: number,
  identifiers: "proven" | "reported",
): Promise<Result<Reached, BatchRefusal>> {
  const ids =
    "filters" in targets
      ? await idsOf(db, { ...targets.filters, identifiers }, most + 1)
      : [...new Set(targets.ids)];
  if (ids.length > most) return refuse(tooDestructive(ids.length, most));
  if (ids.length > 1 && confirm !== ids.length) {
    return refuse({
      reason: "unconfirmed",
      targets: ids.length,
      detail: `this cannot be undone and reaches ${ids.length} devices; repeat with "confirm": ${ids.length}`,
    });
  }
  return ok({ ids, targets: { count: ids.length }, destroys: ids.length });
}

async function idsOf(db: Db, filters: DeviceFilters, most: number): Promise<string[]> {
  const ids: string[] = [];
  let after: DevicePlace | undefined;
  do {
    const limit = Math.min(1_000, most - ids.length);
    const { rows, stoppedAt } = await listDevices(db, filters, limit, after);
    ids.push(...rows.map(({ row }) => row.id));
    after = rows.length < limit ? stoppedAt : rows.at(-1)?.place;
  } while (after !== undefined && ids.length < most);
  return ids;
}

const tooDestructive = (targets: number, most: number): BatchRefusal => ({
  reason: "too-destructive",
  detail: `this reaches ${targets} devices or more, but only ${most} are allowed in an hour (setting destructive_targets_per_hour)`,
});

export async function startBatch(
  env: Env,
  db: Db,
  order: BatchOrder,
  ids: readonly string[],
  destroys: number,
): Promise<BatchReport> {
  try {
    if (order.heldUntil !== null) {
      const { id: batch, requestType: request_type, createdBy: by, heldUntil } = order;
      const detail = {
        batch,
        request_type,
        by,
        targets: destroys,
        held_until: new Date(heldUntil).toISOString(),
      };
      await announceServerEvent(env, { name: "batch.held", detail }, order.createdAt);
    }
    return await batchObject(env, order.id).start(order, ids);
  } catch (fault) {
    // Without its object the batch does nothing, so it must not be listed.
    await deleteBatch(db, order.id);
    throw fault;
  }
}
