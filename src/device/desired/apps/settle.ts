import { isHarmless, isPassing, meaningOf } from "../../../apps/states.ts";
import type { ResultFacts } from "../../../mdm/results/result-facts.ts";
import type { AppRow } from "../../store/apps.ts";
import type { FinishedState, QueueRow } from "../../store/rows.ts";
import type { Turn } from "../../turn.ts";
import { requestReconcile } from "../request-reconcile.ts";
import { afterFailure, taken } from "./decide.ts";
import { putAndTell } from "./tell.ts";

/**
 * A command of an app has ended. What an answer says beyond that is read later (`settleInstallation`), and what became of
 * the app, only the lists of the device say.
 */
const changing = ["InstallApplication", "InstallEnterpriseApplication", "RemoveApplication", "Settings"];

export function settleApp(
  turn: Turn,
  { uuid, user_id, request_type }: Pick<QueueRow, "uuid" | "user_id" | "request_type">,
  state: FinishedState,
  error: string | null,
): void {
  if (!changing.includes(request_type)) return;
  const row = turn.store.appOfCommand(uuid);
  if (row === undefined || turn.store.unreadResultByUuid(user_id, uuid) || turn.store.isUnread(uuid)) return;
  const isDone = state === "acknowledged" || (row.brings === "remove" && isAbsent(error));
  // The device would not understand the same command the next time either.
  const failure = { repeatable: state !== "format_error", error: error ?? `the command is ${state}` };
  put(turn, row, isDone ? taken(row, turn.now, turn.lookPace) : afterFailure(row, failure, turn.now));
}

/** The device does not manage such an app, so there is nothing to remove. */
const isAbsent = (error: string | null): boolean => /ErrorDomain 120(47|55)\b/.test(error ?? "");

/** The answer to the command that installs is read. */
export function settleInstallation(
  turn: Turn,
  uuid: string,
  { identifier, rejection, isAcknowledged }: NonNullable<ResultFacts["installation"]>,
): void {
  const row = turn.store.appOfCommand(uuid);
  if (row === undefined) return;
  const named = { ...row, identifier: identifier ?? row.identifier };
  const isTaken = rejection === undefined ? isAcknowledged : isHarmless(rejection);
  if (isTaken) put(turn, row, taken(named, turn.now, turn.lookPace));
  else put(turn, row, afterFailure(named, failureOf(turn, uuid, rejection), turn.now));
}

function failureOf({ store }: Turn, uuid: string, rejection: string | undefined) {
  if (rejection !== undefined) return { repeatable: isPassing([rejection]), error: meaningOf(rejection) };
  const { error } = store.finishedByUuid("", uuid) ?? {};
  return { repeatable: true, error: error ?? "the device refused the command" };
}

/** The answer to a change of the configuration is read: the whole was acknowledged, and this one setting perhaps not. */
export function settleConfiguration(
  turn: Turn,
  uuid: string,
  failures: readonly { part: string; error: string }[],
): void {
  const row = turn.store.appOfCommand(uuid);
  if (row?.brings !== "configure") return;
  const failure = failures.find(({ part }) => part.startsWith("ApplicationConfiguration"));
  put(
    turn,
    row,
    failure
      ? afterFailure(row, { repeatable: true, error: failure.error }, turn.now)
      : taken(row, turn.now, turn.lookPace),
  );
}

function put(turn: Turn, before: AppRow, row: AppRow): void {
  putAndTell(turn, before, row);
  requestReconcile(turn);
}
