import type { PosturePolicy } from "../admin/posture.ts";
import { overdueAmong } from "../assignment/software-update-progress.ts";
import type { Db } from "../db/open.ts";
import { enrolledWithSerials } from "../db/posture.ts";
import { scoreOf } from "./score.ts";

export type Posture = { deviceId: string; score: number };

/** By serial number in lower case. Of a number that two enrolled devices have nothing is said. */
export async function judgeAll(
  db: Db,
  serials: readonly string[],
  policy: PosturePolicy,
  now: number,
): Promise<Map<string, Posture>> {
  const wanted = [...new Set(serials.map((serial) => serial.toLowerCase()))];
  const rows = await enrolledWithSerials(db, wanted);
  const overdue = await overdueAmong(
    db,
    rows.map(({ id }) => id),
    now,
  );
  const bySerial = Map.groupBy(rows, ({ serial }) => serial);
  const judged = new Map<string, Posture>();
  for (const [serial, [device, other]] of bySerial) {
    if (device === undefined || other !== undefined) continue;
    const facts = { ...device, isOverdue: overdue.has(device.id) };
    judged.set(serial, { deviceId: device.id, score: scoreOf(facts, policy, now) });
  }
  return judged;
}
