import {
  type DeclarationState,
  type Reason,
  type ReportedDeclaration,
  stateOf,
} from "../../../declarations/states.ts";
import type { DeclarationHead, DeclarativeRow } from "../../store/declarations.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../turn.ts";
import { versionOf } from "./again.ts";

/** The state of each declaration that a channel should have. The directory gets only the changes. */
export type Standing = {
  head: DeclarationHead;
  state: DeclarationState;
  reported: ReportedDeclaration | undefined;
};

export type Reported = { [identifier: string]: ReportedDeclaration };

export const reportedOf = (row: DeclarativeRow): Reported => JSON.parse(row.reported) as Reported;

export function standingsOf(store: Store, row: DeclarativeRow): Standing[] {
  const reported = reportedOf(row);
  const hasReported = (row.reported_at ?? 0) >= (row.fetched_at ?? Number.POSITIVE_INFINITY);
  return store
    .declarations(row.user_id)
    .filter(({ in_force }) => in_force === 1)
    .map((head) => {
      const isAnswered = head.fetched === 1 && hasReported;
      const said = Object.hasOwn(reported, head.identifier) ? reported[head.identifier] : undefined;
      const intended = { kind: head.kind, serverToken: head.server_token, isAnswered };
      return { head, state: stateOf(intended, said), reported: said };
    });
}

/** What an event says about one declaration. A declaration that the event omits is no longer the channel's. */
export type ToldState = {
  identifier: string;
  state: DeclarationState;
  serverToken: string;
  reasons: readonly Reason[];
};

type Told = { [identifier: string]: string };

/** The changes since the last event, and what the directory knows after this one; undefined: nothing has changed. */
export function changedStates(
  store: Store,
  row: DeclarativeRow,
): { states: ToldState[]; gone: string[]; told: string } | undefined {
  const told = JSON.parse(row.told) as Told;
  const now = new Map<string, string>();
  const states: ToldState[] = [];
  for (const { head, state, reported } of standingsOf(store, row)) {
    const { identifier, server_token: serverToken } = head;
    const reasons = reported?.serverToken === serverToken ? reported.reasons : [];
    const text = JSON.stringify([state, serverToken, reasons]);
    now.set(identifier, text);
    if (!Object.hasOwn(told, identifier) || told[identifier] !== text)
      states.push({ identifier, state, serverToken: versionOf(serverToken), reasons });
  }
  const gone = Object.keys(told).filter((identifier) => !now.has(identifier));
  if (states.length === 0 && gone.length === 0) return undefined;
  return { states, gone, told: JSON.stringify(Object.fromEntries(now)) };
}

/** Changes the channel's row and tells the directory the resulting changes, in one write. */
export function changeAndTell(
  { store, tell }: Turn,
  row: DeclarativeRow,
  change: Partial<DeclarativeRow>,
): void {
  const { user_id: userId } = row;
  const changed = changedStates(store, { ...row, ...change });
  const written = { ...change, ...(changed && { told: changed.told }) };
  if (Object.keys(written).length > 0) store.setDeclarative(userId, written);
  if (changed === undefined) return;
  const { states, gone } = changed;
  tell({
    name: "declarations.changed",
    ...(userId ? { userId } : {}),
    detail: { changed: states.length, removed: gone.length },
    change: { declarations: { userId, states, gone } },
  });
}
