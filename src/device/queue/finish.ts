import type { CommandState, NewEvent } from "../../events/event.ts";
import type { ChainedError, Report } from "../../mdm/report.ts";
import { hasReader, readsErrors } from "../../mdm/results/readers.ts";
import { settleApp } from "../desired/apps/settle.ts";
import { planNudge } from "../desired/declarations/notify-times.ts";
import { settleNaming } from "../desired/naming/settle.ts";
import { changesProfiles, settleProfile } from "../desired/profiles/settle.ts";
import { settleRotation } from "../rotation/settle.ts";
import { settleSetup } from "../setup/settle.ts";
import type { FinishedState, QueueRow, StoredResult } from "../store/rows.ts";
import type { Turn } from "../turn.ts";
import { noteErased } from "./erased.ts";
import { declarationsOrigin, inventoryOrigin, isBackground } from "./origins.ts";

/** The end of a command: it leaves the queue with its result, and the directory is told. */
const endings: Record<Exclude<Report["Status"], "Idle" | "NotNow">, FinishedState> = {
  Acknowledged: "acknowledged",
  Error: "error",
  CommandFormatError: "format_error",
};

/** `keep`: stores what was read in the result already. */
export function finishAnswered(
  turn: Turn,
  command: QueueRow,
  report: Report,
  result: StoredResult,
  keep?: (turn: Turn) => void,
): void {
  const state = endings[report.Status as keyof typeof endings];
  if (keep && becomesInventory(command)) {
    turn.store.finishRead(command);
    keep(turn);
    return;
  }
  if (state === "acknowledged" && becomesInventory(command) && result.whole !== null) {
    const { generation } = turn.store.device();
    turn.store.finishUnread(command, generation, turn.readSoon(), turn.now, result.whole);
    return;
  }
  const error = report.ErrorChain.length > 0 ? chainText(report.ErrorChain) : null;
  turn.store.finish(command, state, turn.now, error, result);
  if (command.origin === declarationsOrigin) planNudge(turn, command.user_id);
  // The alarm reads the result later.
  if (command.renewal === 1) lookAtRenewal(turn);
  if (result.form === "raw") turn.plan();
  if (state === "acknowledged") {
    turn.store.confirmEscrow(command.uuid);
    noteErased(turn, command);
  }
  const isRead = state === "acknowledged" ? hasReader : readsErrors;
  if (!keep && isRead(command.request_type) && result.form !== "truncated" && result.form !== "none")
    turn.store.putUnreadResult(command.id, turn.store.device().generation, turn.readSoon());
  if (state !== "acknowledged" || !isBackground(command)) {
    turn.tell(finishedEvent(command, state, turn.now, error));
  }
  if (changesProfiles(command.request_type)) settleProfile(turn, command, state, error);
  settleNaming(turn, command, state, error);
  settleApp(turn, command, state, error);
  settleSetup(turn, command, state, error);
  settleRotation(turn, command, state, error);
  keep?.(turn);
  if (result.form === "truncated") {
    turn.tell({
      name: "command.result_truncated",
      detail: { uuid: command.uuid, request_type: command.request_type, size: result.size },
    });
  }
}

/** Every device is asked each day: the facts in the answer are stored, so the answer itself is not. */
const becomesInventory = ({ origin, request_type }: QueueRow): boolean =>
  origin === inventoryOrigin && hasReader(request_type);

function lookAtRenewal({ store, now, plan }: Turn): void {
  store.lookAtRenewal(now);
  plan();
}

/** Cancelled, expired or unreadable: there is no result, and none will come. */
export function finishUnanswered(
  turn: Turn,
  command: QueueRow,
  state: "cancelled" | "expired" | "error",
  why: string | null,
): void {
  turn.store.finish(command, state, turn.now, why, { form: "none", size: 0, whole: null, parts: [] });
  if (command.origin === declarationsOrigin) planNudge(turn, command.user_id);
  if (command.renewal === 1) lookAtRenewal(turn);
  if (state === "error" || !isBackground(command)) turn.tell(finishedEvent(command, state, turn.now, why));
  if (changesProfiles(command.request_type)) settleProfile(turn, command, state, why);
  settleNaming(turn, command, state, why);
  settleApp(turn, command, state, why);
  settleSetup(turn, command, state, why);
  settleRotation(turn, command, state, why);
}

type Asked = Pick<QueueRow, "uuid" | "user_id" | "request_type" | "queued_at" | "origin">;

export const queuedEvent = (command: Asked): NewEvent => ({
  name: "command.queued",
  ...(command.user_id ? { userId: command.user_id } : {}),
  detail: { uuid: command.uuid, request_type: command.request_type },
  change: { command: header(command, "queued") },
});

const finishedEvent = (
  command: QueueRow,
  state: FinishedState,
  now: number,
  error: string | null,
): NewEvent => ({
  name: "command.finished",
  ...(command.user_id ? { userId: command.user_id } : {}),
  detail: { uuid: command.uuid, request_type: command.request_type, state, ...(error ? { error } : {}) },
  change: { command: { ...header(command, state), finishedAt: now, ...(error ? { error } : {}) } },
});

const header = (command: Asked, state: CommandState) => ({
  uuid: command.uuid,
  userId: command.user_id,
  requestType: command.request_type,
  state,
  queuedAt: command.queued_at,
  origin: command.origin,
});

/** The outermost error says what failed; the innermost says why. */
function chainText(chain: readonly ChainedError[]): string {
  const named = chain.map(({ ErrorDomain, ErrorCode, description }) =>
    `${description ?? "no description"} (${ErrorDomain ?? "no domain"} ${ErrorCode ?? "no code"})`.slice(
      0,
      500,
    ),
  );
  return [...new Set([named[0], named.at(-1)])].join("; caused by: ");
}
