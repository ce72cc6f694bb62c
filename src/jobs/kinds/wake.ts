import { mapInFlight } from "../../base/in-flight.ts";
import { walkEnrolled } from "../../db/fleet.ts";
import { openDb } from "../../db/open.ts";
import { listPushCertificates } from "../../db/push-certificates.ts";
import { askDevice, devicesAPage, mostInFlight } from "../ask-device.ts";
import { type JobKind, jobKind } from "../job-kind.ts";

/**
 * A push certificate has come, or another one: devices whose commands wait, and whose pushes failed for want of it, would
 * not try again by themselves. Each is told once; those that nothing waits for write nothing.
 */
type Cursor = { after: string };

export const wake: JobKind = jobKind<Cursor>({ after: "" }, async (env, { after }) => {
  const db = openDb(env.DB);
  const topics = (await listPushCertificates(db)).filter(({ inUse }) => inUse).map(({ topic }) => topic);
  const ids = await walkEnrolled(db, after, devicesAPage);
  const answers = await mapInFlight(ids, mostInFlight, async (id) => ({
    id,
    told: await askDevice(env, id, (device) => device.certificateCame(topics)),
  }));
  const woken = answers.reduce((sum, { told }) => sum + (told.ok ? told.value : 0), 0);
  const remarks = answers.flatMap(({ id, told }) =>
    told.ok ? [] : [{ about: id, detail: told.refusal.detail }],
  );
  const counts = { checked: ids.length, woken, unreachable: remarks.length };
  const last = ids.length === devicesAPage ? ids.at(-1) : undefined;
  return last === undefined
    ? { counts, remarks, ends: "done", outcome: "every enrolled device was told" }
    : { counts, remarks, next: { after: last } };
});
