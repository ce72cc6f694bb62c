import { keptForMs } from "../../admin/idempotency.ts";
import type { Settings } from "../../admin/setting-entries.ts";
import { loadSettings } from "../../admin/settings.ts";
import { day } from "../../base/time.ts";
import { pruneUnusedFiles } from "../../db/asset-files.ts";
import { pruneAudit } from "../../db/audit.ts";
import { pruneCommands, pruneEvents } from "../../db/history.ts";
import { pruneIdempotencyKeys } from "../../db/idempotency.ts";
import { type Db, openDb } from "../../db/open.ts";
import { pruneRollouts } from "../../db/rollouts.ts";
import { pruneSpentTokens } from "../../db/token-exchange.ts";
import { pruneShortTokens } from "../../db/tokens.ts";
import { jobKind } from "../job-kind.ts";

/**
 * What is deleted from D1, and after how long. Certificates, used challenges and escrow are kept for ever; unused
 * challenges are deleted when new ones are made.
 */
type Aging = {
  what: string;
  keptMs: (settings: Settings) => number;
  prune: (db: Db, before: number, limit: number) => Promise<number>;
};

const aging: readonly Aging[] = [
  { what: "events", keptMs: ({ events_days }) => events_days * day, prune: pruneEvents },
  { what: "commands", keptMs: ({ events_days }) => events_days * day, prune: pruneCommands },
  { what: "audit_entries", keptMs: ({ audit_days }) => audit_days * day, prune: pruneAudit },
  { what: "rollouts", keptMs: ({ events_days }) => events_days * day, prune: pruneRollouts },
  { what: "asset_files", keptMs: () => day, prune: pruneUnusedFiles },
  { what: "idempotency_keys", keptMs: () => keptForMs, prune: pruneIdempotencyKeys },
  { what: "short_tokens", keptMs: () => 7 * day, prune: pruneShortTokens },
  { what: "spent_tokens", keptMs: () => day, prune: pruneSpentTokens },
];

const rowsAPage = 1_000;

/** The cursor is an index into the list; a page deletes a limited number of rows of one kind. */
export const prune = jobKind<number>(0, async (env, index, now) => {
  const kind = aging[index];
  if (kind === undefined) return { counts: {}, remarks: [], ends: "done", outcome: "nothing older is left" };
  const before = now - kind.keptMs(await loadSettings(env, now));
  const deleted = await kind.prune(openDb(env.DB), before, rowsAPage);
  const counts = deleted > 0 ? { [kind.what]: deleted } : {};
  return { counts, remarks: [], next: deleted < rowsAPage ? index + 1 : index };
});
