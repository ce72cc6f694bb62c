import { mapInFlight } from "../../base/in-flight.ts";
import { walkEnrolled } from "../../db/fleet.ts";
import { openDb } from "../../db/open.ts";
import { listPushCertificates } from "../../db/push-certificates.ts";
import { askDevice, devicesAPage, mostInFlight } from "../ask-device.ts";
import { type JobKind, jobKind } from "../job-kind.ts";

/**
 * A new push certificate is in use: devices with waiting commands, whose pushes failed without it, would not try again by
 * themselves. Each is notified once; devices without waiting commands write nothing.
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
    ? { counts, remarks, ends: "done", outcome: "every enrolled device was notified" }
    : { counts, remarks, next: { after: last } };
});
