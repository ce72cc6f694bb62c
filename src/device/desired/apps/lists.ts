import type { ToldApp } from "../../../apps/states.ts";
import { commandedStand } from "../../../apps/states.ts";
import type { AnsweredList, Item } from "../../../mdm/inventory/inventory-facts.ts";
import { platformOf } from "../../../mdm/platform.ts";
import type { AppRow } from "../../store/apps.ts";
import type { UnreadResultRow } from "../../store/rows.ts";
import { factsOf, type Turn } from "../../turn.ts";
import { requestReconcile } from "../request-reconcile.ts";
import { afterFailure, removed, untroubled } from "./decide.ts";
import { putAndTellAll } from "./tell.ts";

/**
 * What the lists of a device say of the apps that commands brought. Only a list that was asked for after the last command
 * counts.
 */
export function compareApps(turn: Turn, row: UnreadResultRow, list: AnsweredList): void {
  if (row.user_id !== "" || (list.name !== "managed-apps" && list.name !== "apps")) return;
  const apps = turn.store.apps();
  if (apps.length === 0) return;
  const entries = new Map(list.items.map(([, item]) => [String(item.identifier), item]));
  const asked = row.sent_at ?? row.queued_at;
  const changes = apps.map((app) => {
    const entry = app.identifier === null ? undefined : entries.get(app.identifier);
    const next =
      list.name === "apps" ? installed(turn, app, entry, asked) : managed(app, entry, asked, turn.now);
    return [app, next] as const;
  });
  putAndTellAll(
    turn,
    changes.filter(([app, next]) => JSON.stringify(app) !== JSON.stringify(next)),
  );
  if (changes.some(([app, next]) => isActedOn(app, next))) requestReconcile(turn);
  else turn.plan();
}

/** It is gone, it is missing, or there is another version: something may be to be done. */
const isActedOn = (app: AppRow, next: AppRow): boolean =>
  next.channel !== app.channel ||
  next.applied !== app.applied ||
  next.external_version !== app.external_version ||
  next.state !== app.state;

/** `ManagedApplicationList`. */
function managed(app: AppRow, entry: Item | undefined, asked: number, now: number): AppRow {
  const isAfter = app.taken_at !== null && asked >= app.taken_at;
  if (app.channel !== "commands" || app.command_uuid !== null || !isAfter) return app;
  if (entry === undefined) return unlisted(app, now);
  const told: ToldApp = {
    identifier: String(entry.identifier),
    state: String(entry.state ?? "Unknown"),
    reasons: (Array.isArray(entry.reasons) ? entry.reasons : []).map((code) => ({ code: String(code) })),
  };
  const external = entry.external_version_identifier;
  const said: AppRow = {
    ...app,
    told: JSON.stringify(told),
    ...(external !== undefined && { external_version: String(external) }),
  };
  if (app.wish === "gone") return said;
  const { state, reason } = commandedStand(told);
  if (state === "installed") return { ...said, ...settled(app) };
  if (state !== "failed") return said;
  // It is installed again, at growing intervals: somebody removed or refused it.
  return afterFailure(
    { ...said, applied: null, told: null },
    { repeatable: true, error: reason ?? told.state, action: "install" },
    now,
  );
}

/** What failed besides, such as a change of its configuration, stays. */
const settled = (app: AppRow): Partial<AppRow> =>
  app.tried?.startsWith("install") ? { ...untroubled, look_at: null } : { look_at: null };

function unlisted(app: AppRow, now: number): AppRow {
  if (app.wish === "gone")
    return { ...app, channel: null, applied: null, told: null, installed_version: null };
  const wasThere = app.told !== null;
  // It may have just begun: it is looked for again, until that was often enough.
  if (!wasThere && app.look_at !== null) return app;
  const error = wasThere
    ? "the device does not manage the app any more"
    : "the device does not list the app that it took";
  return afterFailure(
    { ...app, applied: null, told: null },
    { repeatable: true, error, action: "install" },
    now,
  );
}

/** `InstalledApplicationList`: the versions, and on a Mac all that is told of what it does not manage. */
function installed({ store }: Turn, app: AppRow, entry: Item | undefined, asked: number): AppRow {
  if (app.identifier === null) return app;
  const version = entry && (entry.short_version ?? entry.version);
  const external = entry?.external_version_identifier;
  const seen: AppRow = {
    ...app,
    installed_version: typeof version === "string" ? version.slice(0, 60) : null,
    ...(typeof external === "number" && { external_version: String(external) }),
  };
  const isAfter = app.taken_at !== null && asked >= app.taken_at;
  const isWaiting = app.channel === "commands" && app.applied !== null && app.applied !== removed && isAfter;
  if (!isMac({ store }) || !isWaiting || app.told !== null || entry === undefined) return seen;
  const told: ToldApp = { identifier: app.identifier, state: "Managed", reasons: [] };
  return { ...seen, told: JSON.stringify(told), ...settled(app) };
}

function isMac({ store }: Pick<Turn, "store">): boolean {
  const { ProductName, Model, ModelName } = factsOf(store.device());
  return platformOf([ProductName, Model, ModelName]) === "macos";
}
