import type { Statements } from "./statements.ts";

/** What a channel should have but cannot get. */
export type WithheldRow = {
  user_id: string;
  kind: "profile" | "declaration" | "app" | "name";
  identifier: string;
  reason: string;
};

export const assignmentStatements = ({ rows, run }: Statements) => ({
  withheld: (userId: string): WithheldRow[] =>
    rows<WithheldRow>("SELECT * FROM withheld WHERE user_id = ? ORDER BY kind, identifier", userId),

  putWithheld: ({ user_id, kind, identifier, reason }: WithheldRow): number =>
    run("INSERT OR REPLACE INTO withheld VALUES (?, ?, ?, ?)", user_id, kind, identifier, reason),

  dropWithheld: ({ user_id, kind, identifier }: WithheldRow): number =>
    run("DELETE FROM withheld WHERE user_id = ? AND kind = ? AND identifier = ?", user_id, kind, identifier),

  /** The channel has nothing from this server any more. */
  dropAssignment(): void {
    run("DELETE FROM withheld");
    run("DELETE FROM profiles");
    run("DELETE FROM naming");
    run("DELETE FROM apps");
  },
});
