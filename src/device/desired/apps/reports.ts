import { declarationOf } from "../../../apps/app.ts";
import { toldByDeclaration } from "../../../apps/app-list.ts";
import { declaredStand, isPassing, meaningOf, type ToldApp } from "../../../apps/states.ts";
import { minute } from "../../../base/time.ts";
import type { Json } from "../../../declarations/canonical-json.ts";
import type { AppRow } from "../../store/apps.ts";
import type { Turn } from "../../turn.ts";
import { reportedOf } from "../declarations/states.ts";
import { requestReconcile } from "../request-reconcile.ts";
import { putAndTellAll } from "./tell.ts";

/** What a status report says of the apps that are declared. `items`: those that changed, with their whole values. */
export const appItems = ["app.managed.list", "package.list"];

export function compareDeclaredApps(
  turn: Turn,
  items: readonly { path: string; value: Json }[],
  gone: readonly string[],
): void {
  const { store, now } = turn;
  const apps = store.apps().filter(({ channel }) => channel === "declarations");
  const known = apps.length > 0 ? store.declarative("") : undefined;
  if (known === undefined) return;
  // With its last app a device is not asked for the lists any more: then its declarations alone say that it is gone.
  const isRead =
    known.token === known.fetched_token &&
    (known.reported_at ?? 0) >= (known.fetched_at ?? Number.POSITIVE_INFINITY);
  const reported = reportedOf(known);
  const lists = appItems.flatMap((path) => listOf(path, items, gone) ?? []);
  const changes = apps.map((app) => {
    const identifier = declarationOf(app.name);
    const declared = Object.hasOwn(reported, identifier) ? reported[identifier] : undefined;
    const next = withError(withLists(app, identifier, lists, now), declared);
    const isGone = next.wish === "gone" && isRead && declared === undefined;
    return [app, isGone ? { ...next, channel: null, told: null, installed_version: null } : next] as const;
  });
  putAndTellAll(
    turn,
    changes.filter(([app, next]) => JSON.stringify(app) !== JSON.stringify(next)),
  );
  // The device tells the lists no more. What they said must not hide that the same app comes back.
  if (changes.every(([, next]) => next.channel !== "declarations"))
    for (const path of appItems) store.forgetStatusItem("", path);
  if (
    changes.some(
      ([app, next]) => app.channel !== next.channel || app.external_version !== next.external_version,
    )
  )
    requestReconcile(turn);
  else turn.plan();
}

type TellingList = { path: string; told: Map<string, ToldApp> };

/** undefined: the report does not say anything new of it. */
function listOf(
  path: string,
  items: readonly { path: string; value: Json }[],
  gone: readonly string[],
): TellingList | undefined {
  const item = items.find((one) => one.path === path);
  if (item !== undefined) return { path, told: toldByDeclaration(item.value) };
  return gone.includes(path) ? { path, told: new Map() } : undefined;
}

/** An app is in one of the lists; the other one says nothing of it. */
type ToldWhere = ToldApp & { list: string };

function withLists(app: AppRow, identifier: string, lists: readonly TellingList[], now: number): AppRow {
  for (const { path, told } of lists) {
    const entry = told.get(identifier);
    if (entry !== undefined) return withTold(app, { ...entry, list: path }, now);
  }
  const before = app.told === null ? undefined : (JSON.parse(app.told) as ToldWhere);
  const isOver = lists.some(({ path }) => path === before?.list);
  return isOver ? { ...app, told: null, installed_version: null } : app;
}

function withTold(app: AppRow, told: ToldWhere, now: number): AppRow {
  const { state } = declaredStand(told);
  const codes = told.reasons.map(({ code }) => code);
  const next: AppRow = {
    ...app,
    told: JSON.stringify(told),
    identifier: told.identifier,
    installed_version: told.version ?? null,
    external_version: told.externalVersion ?? app.external_version,
  };
  if (state !== "failed") return { ...next, attempts: 0, retry_at: null, tried: null };
  if (!isPassing(codes)) return { ...next, retry_at: null };
  return app.retry_at === null && app.attempts === 0
    ? { ...next, attempts: 1, retry_at: now + firstRetryMs }
    : next;
}

/** Then the device is made to read the declaration once more. */
const firstRetryMs = 10 * minute;

/** The device refuses the declaration itself. */
function withError(
  app: AppRow,
  declared: { valid: string; reasons: readonly { code: string; description?: string }[] } | undefined,
): AppRow {
  if (declared?.valid !== "invalid") return app.error === null ? app : { ...app, error: null };
  const [reason] = declared.reasons;
  return {
    ...app,
    error: reason ? meaningOf(reason.code, reason.description) : "the device refuses the declaration",
  };
}
