import type { DeviceFilters } from "../db/device-filters.ts";
import { loadSettings } from "./settings.ts";

/** Whose word counts where something is given to whoever goes by a serial number, or has a user. */
export async function trustedIdentifiers(
  env: Env,
  now: number,
): Promise<NonNullable<DeviceFilters["identifiers"]>> {
  const { trust_reported_identifiers } = await loadSettings(env, now);
  return trust_reported_identifiers ? "reported" : "proven";
}
