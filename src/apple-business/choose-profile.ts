import type { AdeRule } from "../db/schema/ade.ts";

/** What rules look at. */
export type RuledDevice = {
  serial: string;
  model: string | null;
  family: string | null;
  /** null: no API account tells one. */
  orderNumber: string | null;
  chosenProfile: string | null;
};

export type Rules = { rules: readonly AdeRule[]; defaultProfile: string | null };

/** Chosen by hand: none, whatever the rules say. */
export const noProfile = "";

/** By hand before any rule, the first rule that fits, and the default for all others. null: none says anything. */
export function chooseProfile(device: RuledDevice, { rules, defaultProfile }: Rules): string | null {
  if (device.chosenProfile !== null) return device.chosenProfile === noProfile ? null : device.chosenProfile;
  return rules.find((rule) => fits(device, rule))?.profile ?? defaultProfile;
}

function fits(device: RuledDevice, { models, families, serials, order_numbers }: AdeRule): boolean {
  return (
    isAmong(device.model, models) &&
    isAmong(device.family, families) &&
    isAmong(device.serial, serials) &&
    isAmong(device.orderNumber, order_numbers)
  );
}

/** Apple's letter case has varied. */
const isAmong = (value: string | null, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || (value !== null && wanted.some((one) => one.toLowerCase() === value.toLowerCase()));
