import { fromUtf8 } from "../../../base/bytes.ts";
import { logFault } from "../../../base/log.ts";
import { buildManifest } from "../../../declarations/manifest.ts";
import { parseStatusReport, type StatusReport } from "../../../declarations/status-report.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import type { StatusReportRow } from "../../store/status.ts";
import type { Store } from "../../store/store.ts";
import { keepDeclarations } from "./keep.ts";
import { keepReport } from "./keep-report.ts";
import { prepareItems } from "./status-items.ts";
import { capabilitiesItem } from "./subscribe.ts";

/**
 * The alarm reads reports one by one, in the order in which they came. A report that cannot be read now is tried again
 * before any later one; a report that can never be read is kept and skipped.
 */
const aRun = 20;
const mostAttempts = 5;
const firstRetryMs = 60_000;

export async function readReports(work: DutyContext, now: number): Promise<void> {
  const { store } = work;
  for (const row of store.unreadStatusReports(aRun)) {
    // A new enrollment in the meantime has deleted it.
    if (store.statusReportParts(row.id).length === 0) continue;
    try {
      await readOne(work, row);
    } catch (fault) {
      const isGivenUp = row.attempts + 1 >= mostAttempts;
      logFault("device.status_report", fault, { given_up: String(isGivenUp) });
      if (isGivenUp) store.endStatusReport(row.id, "failed");
      else return void store.postponeStatusReport(row.id, now + firstRetryMs * 2 ** row.attempts);
    }
  }
  if (store.unreadStatusReports(1).length > 0) await readReports(work, now);
}

async function readOne(work: DutyContext, row: StatusReportRow): Promise<void> {
  const { store, vault, takeTurn } = work;
  const { generation } = store.device();
  const report = await openReport(work, row);
  if (typeof report === "string") {
    takeTurn((turn) => {
      store.endStatusReport(row.id, report);
      const { size, user_id } = row;
      turn.tell({
        name: "status.undecodable",
        ...(user_id ? { userId: user_id } : {}),
        detail: { reason: report, size },
      });
    });
    return;
  }
  const items = await prepareItems(store, vault, row, report);
  const nothingDeclared = await buildManifest([]);
  takeTurn((turn) => {
    if (store.device().generation !== generation) return;
    ensureRow(store, row, nothingDeclared);
    keepReport(turn, row, report, items);
  });
  // The subscription is checked once a day, and when the device begins to support other items.
  if (report.isFull || items.changed.some(({ head }) => head.path === capabilitiesItem))
    await keepDeclarations(work, row.user_id, undefined);
}

/** Or why it is not a report. */
async function openReport(
  { store, vault }: DutyContext,
  row: StatusReportRow,
): Promise<StatusReport | string> {
  const bytes = await vault.openStatusReport(row.uuid, store.statusReportParts(row.id));
  if (bytes.length < row.size) return "too-large";
  const { idsOf } = await import("../../../catalog/lookup.ts");
  const parsed = parseStatusReport(textOf(bytes), new Set(await idsOf("status-items")));
  return parsed.ok ? parsed.value : parsed.refusal.reason;
}

/** Bytes that are not UTF-8 are not JSON. */
function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    return "";
  }
}

/** A device reports before it asks for anything, and also if nothing is declared for it. */
function ensureRow(
  store: Store,
  { user_id, received_at }: StatusReportRow,
  { token, json: manifest }: { token: string; json: string },
): void {
  if (store.declarativeState(user_id) !== undefined) return;
  store.putDeclarative({ user_id, token, token_at: received_at, manifest });
}
