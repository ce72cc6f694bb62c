import { mapInFlight } from "../../base/in-flight.ts";
import type { Resealed } from "../../device/transfer/reseal.ts";
import { askDevice, mostInFlight } from "../ask-device.ts";
import { type Counts, type Remark, sum } from "../run.ts";

/** What one device's object did in one page. */
export type DeviceResealed = {
  id: string;
  moved: Counts;
  /** More is left than one page can do. */
  isLarge: boolean;
  stuck: number;
  /** It did not answer, or it still seals with the earlier key. */
  isLate: boolean;
  remark: Remark | undefined;
};

const callsAPage = 5;

export const resealDevices = (env: Env, keyId: string, ids: readonly string[]): Promise<DeviceResealed[]> =>
  mapInFlight(ids, mostInFlight, (id) => resealDevice(env, keyId, id));

async function resealDevice(env: Env, keyId: string, id: string): Promise<DeviceResealed> {
  let moved: Counts = {};
  let last: Resealed | undefined;
  for (let call = 0; call < callsAPage && (last === undefined || last.left > 0); call++) {
    const answer = await askDevice(env, id, (device): Promise<Resealed> => device.reseal());
    if (!answer.ok) return late(id, moved, answer.refusal.detail);
    last = answer.value;
    if (last.keyId !== keyId) return late(id, moved, `its object still seals under master key ${last.keyId}`);
    moved = sum(moved, named(last.moved));
  }
  const { left = 0, stuck = 0, why } = last ?? {};
  const remark = why === undefined ? undefined : { about: id, detail: `${stuck} values stay: ${why}` };
  return { id, moved, isLarge: left > 0, stuck, isLate: false, remark };
}

const late = (id: string, moved: Counts, detail: string): DeviceResealed => ({
  id,
  moved,
  isLarge: false,
  stuck: 0,
  isLate: true,
  remark: { about: id, detail },
});

const named = (moved: Counts): Counts =>
  Object.fromEntries(Object.entries(moved).map(([place, count]) => [`device.${place}`, count]));
