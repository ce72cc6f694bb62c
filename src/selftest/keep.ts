import { openDb } from "../db/open.ts";
import { findSelftest, saveSelftest } from "../db/selftest.ts";
import { askFromOutside } from "./client.ts";
import type { Finding } from "./judge.ts";

export type Selftest = { address: string; testedAt: number; findings: Finding[] };

/** Asks, and keeps the answer for those who may not ask themselves. */
export async function testFromOutside(env: Env, address: string, now: number): Promise<Selftest> {
  const findings = await askFromOutside(address);
  await saveSelftest(openDb(env.DB), { address, testedAt: now, findings });
  return { address, testedAt: now, findings };
}

/** The last one; undefined: there was none. */
export async function lastSelftest(env: Env): Promise<Selftest | undefined> {
  const row = await findSelftest(openDb(env.DB));
  return row && { ...row, findings: row.findings as Finding[] };
}
