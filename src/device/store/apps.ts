import type { AppChannel } from "../../apps/app.ts";
import type { AppState } from "../../apps/states.ts";
import type { Statements } from "./statements.ts";

/** An app that the device should have by its sets, or had from them. */
export type AppRow = {
  name: string;
  version: number;
  wish: "have" | "gone";
  /** The app itself: with another one, the old must go first. */
  source: string;
  /** What brings it; null: nothing was begun. */
  channel: AppChannel | null;
  /** Its bundle id, as the store, the owner, or the device says it. */
  identifier: string | null;
  /** The licence that it was given, as JSON; it is given back after the app is gone. */
  licence: string | null;
  state: AppState;
  reason: string | null;
  since: number;
  /** What keeps it from being begun, as JSON of a state and a reason. */
  hindrance: string | null;
  /** What should be installed, and what was taken last by a command. */
  digest: string;
  applied: string | null;
  configuration: string | null;
  applied_configuration: string | null;
  /** The last word of the device about it, as JSON. */
  told: string | null;
  installed_version: string | null;
  /** Apple's external version id: of the device, and of the store. */
  external_version: string | null;
  newest_version: string | null;
  /** The command in progress, and what it does. */
  command_uuid: string | null;
  brings: AppAction | null;
  /** What failed last: the same is not tried again before `retry_at`. */
  error: string | null;
  tried: string | null;
  attempts: number;
  retry_at: number | null;
  /** When the device took the last command. */
  taken_at: number | null;
  /** When the device is asked what became of it, and how often it was. */
  look_at: number | null;
  looks: number;
  /** Goes up to make the device read the declaration again. */
  touches: number;
  /** The newest version that the device was told to take. */
  updated_to: string | null;
  /** Whether it stays when it is not wanted any more. */
  kept: number;
};

export type AppAction = "install" | "update" | "configure" | "remove";

export const appsStatements = ({ rows, row, run }: Statements) => ({
  apps: (): AppRow[] => rows<AppRow>("SELECT * FROM apps ORDER BY name"),

  app: (name: string): AppRow | undefined => row<AppRow>("SELECT * FROM apps WHERE name = ?", name),

  appOfCommand: (uuid: string): AppRow | undefined =>
    row<AppRow>("SELECT * FROM apps WHERE command_uuid = ?", uuid),

  postponeApps(due: number, until: number): void {
    run("UPDATE apps SET retry_at = ? WHERE retry_at <= ?", until, due);
    run("UPDATE apps SET look_at = ? WHERE look_at <= ?", until, due);
  },

  putApp(app: AppRow): void {
    const columns = Object.keys(app);
    run(
      `INSERT OR REPLACE INTO apps (${columns.join(", ")}) VALUES (?${", ?".repeat(columns.length - 1)})`,
      ...(Object.values(app) as SqlStorageValue[]),
    );
  },

  dropApp: (name: string): number => run("DELETE FROM apps WHERE name = ?", name),
});
