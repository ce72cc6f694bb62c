import type { App } from "../../../apps/app.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import type { AppRow } from "../../store/apps.ts";

type Where = { app: App; row: AppRow; origin: string; now: number };

/**
 * Where this device fetches the manifest of a package; undefined: the app comes from elsewhere.
 *
 * The surprise: while the app is installed, its link stays the one by which it was installed, also when that has ended. A
 * device takes another address for another app, and needs none for what it has.
 */
export async function manifestAddressOf(
  { env, deviceId: device }: DutyContext,
  { app, row, origin, now }: Where,
): Promise<string | undefined> {
  if (!("package" in app.source)) return undefined;
  const { manifestAddress } = await import("../../../packages/links.ts");
  const { name } = app.source.package;
  return manifestAddress(env, { package: name, device, now: linkedAt(app, row, now), origin });
}

const linkedAt = ({ file }: App, { state, since }: AppRow, now: number): number =>
  state === "installed" ? Math.min(now, Math.max(since, file?.uploadedAt ?? 0)) : now;
