import type { DeviceFilters } from "../db/device-filters.ts";
import { loadSettings } from "./settings.ts";

/** Whether reported or only proven identifiers count when something is given by serial number or user. */
export async function trustedIdentifiers(
  env: Env,
  now: number,
): Promise<NonNullable<DeviceFilters["identifiers"]>> {
  const { trust_reported_identifiers } = await loadSettings(env, now);
  return trust_reported_identifiers ? "reported" : "proven";
}
