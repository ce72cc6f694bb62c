import { compilePolicy, forgetPolicy, noticeRelease } from "../../assignment/software-updates.ts";
import { openDb } from "../../db/open.ts";
import { findPolicy, nextPolicy } from "../../db/software-updates.ts";
import { updatePlatforms } from "../../declarations/software-update.ts";
import { jobKind } from "../job-kind.ts";

/**
 * First it looks for devices with a newer system than the known releases. Then it goes through the policies, one platform
 * at a time, and updates their declarations.
 */
type Cursor = { policy: string | null; platform: number };

export const softwareUpdates = jobKind<Cursor>({ policy: null, platform: 0 }, async (env, cursor, now) => {
  const platform = updatePlatforms[cursor.platform];
  if (cursor.policy === null) {
    if (platform === undefined) return step({ policy: "", platform: 0 });
    const isNews = await noticeRelease(env, platform, now);
    return step({ ...cursor, platform: cursor.platform + 1 }, isNews ? { releases: 1 } : {});
  }
  const db = openDb(env.DB);
  const row = cursor.policy === "" ? undefined : await findPolicy(db, cursor.policy);
  if (row && platform !== undefined) {
    const found = await compilePolicy(env, row, platform, now);
    const remarks = found.map((detail) => ({ about: row.name, detail }));
    return { ...step({ ...cursor, platform: cursor.platform + 1 }), remarks };
  }
  if (row?.removed) await forgetPolicy(env, row, now);
  const next = await nextPolicy(db, cursor.policy);
  if (next === undefined)
    return {
      counts: {},
      remarks: [],
      ends: "done",
      outcome: "the declarations of every policy are up to date",
    };
  return step({ policy: next.name, platform: 0 }, { policies: 1 });
});

const step = (next: Cursor, counts: Record<string, number> = {}) => ({
  counts,
  remarks: [],
  next,
  pauseMs: 0,
});
