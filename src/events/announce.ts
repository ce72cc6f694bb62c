import { addEvents, applyTogether } from "../db/directory.ts";
import type { Db } from "../db/open.ts";

/**
 * Events of the server itself, which belong to no device: they stand in the same log, under the empty device id, with a
 * number that follows the time. Two of one microsecond get the next free number by chance, not by turn.
 */
export type ServerEventName =
  | "push.trouble"
  | "push.trouble_over"
  | "push.certificate_in_use"
  | "push.certificate_expires"
  | "push.certificate_expired"
  | "batch.held"
  | "batch.cancelled"
  | "batch.done"
  | "provisioning_profile.expiring"
  | "provisioning_profile.expired"
  | "signing_certificate.expiring"
  | "signing_certificate.expired";

export type ServerEvent = {
  name: ServerEventName;
  detail: { [key: string]: string | number | boolean | null };
};

export const serverId = "";

export const announceServerEvent = (db: Db, { name, detail }: ServerEvent, now: number): Promise<void> => {
  const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
  const seq = now * 1000 + (random % 1000);
  return applyTogether(db, addEvents(db, [{ deviceId: serverId, seq, name, userId: null, detail, at: now }]));
};
