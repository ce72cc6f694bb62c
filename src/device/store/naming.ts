import type { Statements } from "./statements.ts";

export type NameState = "pending" | "named" | "failed" | "not_applicable" | "withheld";

/** The name that the device should have by its sets; there is no row while no set names it. */
export type NameRow = {
  /** Null: it cannot be made at present. */
  wish: string | null;
  set_name: string;
  /** The other sets that would name it, as JSON. */
  others: string;
  state: NameState;
  reason: string | null;
  /** The command in progress, and the name that it brings. */
  command_uuid: string | null;
  brings: string | null;
  /** The name that the device took last from this server. */
  applied: string | null;
  /** The name that failed last: it is not tried again before `retry_at`. */
  tried: string | null;
  attempts: number;
  retry_at: number | null;
  /** How often it was named again since then. */
  repairs: number;
  repairs_since: number | null;
};

export const namingStatements = ({ row, run }: Statements) => ({
  naming(): NameRow | undefined {
    const found = row<NameRow & { one: number }>("SELECT * FROM naming");
    if (found === undefined) return undefined;
    const { one: _, ...naming } = found;
    return naming;
  },

  putNaming(naming: NameRow): void {
    const columns = Object.keys(naming);
    run(
      `INSERT OR REPLACE INTO naming (one, ${columns.join(", ")}) VALUES (1${", ?".repeat(columns.length)})`,
      ...(Object.values(naming) as SqlStorageValue[]),
    );
  },

  dropNaming: (): number => run("DELETE FROM naming"),

  postponeNamingRetry: (due: number, until: number): number =>
    run("UPDATE naming SET retry_at = ? WHERE retry_at <= ?", until, due),
});
