import type { DeclarationKind } from "../../../declarations/declaration.ts";
import type { StatusReport } from "../../../declarations/status-report.ts";
import { isLine } from "../../../declarations/status-values.ts";
import type { DirectoryChange } from "../../../events/event.ts";
import { rememberFacts } from "../../results/keep-inventory.ts";
import type { DeclarativeRow } from "../../store/declarations.ts";
import type { StatusReportRow } from "../../store/status.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../turn.ts";
import { compareDeclaredApps } from "../apps/reports.ts";
import { planResync } from "./resync.ts";
import { changedStates, type Reported, reportedOf } from "./states.ts";
import { factsTold } from "./status-facts.ts";
import type { PreparedItems } from "./status-items.ts";

/** Stores a report in one write, and tells the directory what changed. Nothing in here awaits. */
export function keepReport(
  turn: Turn,
  row: StatusReportRow,
  report: StatusReport,
  items: PreparedItems,
): void {
  const { store, tell } = turn;
  const { user_id: userId } = row;
  const statusValues = keepItems(store, userId, items);
  const declarations = keepChannel(store, store.declarative(userId) as DeclarativeRow, row, report, items);
  planResync(turn, userId);
  if (userId === "")
    compareDeclaredApps(
      turn,
      items.changed.map(({ head: { path }, value }) => ({ path, value })),
      items.gone,
    );
  const device =
    userId === ""
      ? rememberFacts(store, factsTold(items.changed.map(({ head, value }) => ({ ...head, value }))))
      : undefined;
  store.endStatusReport(row.id, "read");
  forgetOldReports(store, userId);
  if (!statusValues && !declarations && !device) return;
  tell({
    name: "status.reported",
    ...(userId ? { userId } : {}),
    detail: { values: statusValues?.values.length ?? 0, declarations: declarations?.states.length ?? 0 },
    change: {
      ...(statusValues && { statusValues: { userId, ...statusValues } }),
      ...(declarations && {
        declarations: { userId, states: declarations.states, gone: declarations.gone },
      }),
      ...(device && { device }),
    },
  });
}

type ToldValues = Pick<NonNullable<DirectoryChange["statusValues"]>, "values" | "gone">;

/** The directory gets short single values; lists stay in the object. */
function keepItems(
  store: Store,
  userId: string,
  { changed, untold, gone }: PreparedItems,
): ToldValues | undefined {
  const before = new Map(store.statusItems(userId).map((head) => [head.path, head]));
  const wasTold = (path: string): boolean => (before.get(path)?.told ?? "") !== "";
  for (const { head, sealed } of changed) store.putStatusItem(head, sealed);
  for (const { head } of untold) store.tellStatusItem(userId, head.path, head.digest);
  for (const path of gone) store.forgetStatusItem(userId, path);
  const lines = [...changed, ...untold].filter(({ value }) => isLine(value));
  const values = lines.map(({ head, value }) => [head.path, JSON.stringify(value)] as const);
  const noLine = changed.filter(({ value }) => !isLine(value)).map(({ head }) => head.path);
  const lost = [...gone, ...noLine].filter(wasTold);
  return values.length > 0 || lost.length > 0 ? { values, gone: lost } : undefined;
}

type KeptError = { item: string; at: number; reasons: StatusReport["errors"][number]["reasons"] };

export const errorsOf = ({ errors }: Pick<DeclarativeRow, "errors">): KeptError[] =>
  JSON.parse(errors) as KeptError[];

const mostErrors = 200;

function keepChannel(
  store: Store,
  known: DeclarativeRow,
  { user_id, received_at }: StatusReportRow,
  { isFull, declarations, errors, items }: StatusReport,
  { gone }: PreparedItems,
): ReturnType<typeof changedStates> {
  const reported = JSON.stringify(mergeDeclarations(reportedOf(known), declarations, isFull));
  const named = new Set([...errors, ...items.map(({ path }) => ({ item: path }))].map(({ item }) => item));
  const stay = isFull ? [] : errorsOf(known).filter(({ item }) => !named.has(item) && !gone.includes(item));
  const now = [...errors.map((error) => ({ ...error, at: received_at })), ...stay].slice(0, mostErrors);
  const change: Partial<DeclarativeRow> = {
    ...(known.spoke === 0 && { spoke: 1 }),
    ...(reported !== known.reported && { reported }),
    ...((declarations || isFull) && { reported_at: received_at }),
    ...(JSON.stringify(now) !== known.errors && { errors: JSON.stringify(now) }),
  };
  const changed = changedStates(store, { ...known, ...change });
  const written = { ...change, ...(changed && { told: changed.told }) };
  if (Object.keys(written).length > 0) store.setDeclarative(user_id, written);
  return changed;
}

/** For each kind in it, a report is complete. */
function mergeDeclarations(known: Reported, told: StatusReport["declarations"], isFull: boolean): Reported {
  const isRetold = (kind: DeclarationKind): boolean => isFull || told?.[kind] !== undefined;
  const stay = Object.entries(known).filter(([, { kind }]) => !isRetold(kind));
  const now = Object.entries(told ?? {}).flatMap(([kind, list]) =>
    list.map(({ identifier, ...one }) => [identifier, { ...one, kind: kind as DeclarationKind }] as const),
  );
  return Object.fromEntries([...stay, ...now]);
}

const mostReports = 5;
const mostBytes = 4 * 1024 * 1024;

/** The newest reports are stored as they came, for administrators; unread ones are always kept. */
function forgetOldReports(store: Store, userId: string): void {
  let [count, bytes] = [0, 0];
  for (const { id, state, size } of store.statusReports(userId)) {
    if (state === "new") continue;
    count += 1;
    bytes += size;
    if (count > mostReports || (bytes > mostBytes && count > 1)) store.forgetStatusReport(id);
  }
}
