import type { AppDevice } from "../../../apps/app.ts";
import { accessRight } from "../../../catalog/access-rights.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import { contextOf } from "../../client/context.ts";
import type { DeviceDescription } from "../../description.ts";
import { openItem } from "../declarations/status-items.ts";
import { capabilitiesItem } from "../declarations/subscribe.ts";

/** What decides how an app comes to this device. */
export async function appDeviceOf(work: DutyContext, known: DeviceDescription): Promise<AppDevice> {
  const { platform, osVersion, supervised, enrollmentKind, sharedIpad, accessRights } = contextOf("", known);
  const may = (right: string): boolean =>
    accessRights === undefined || (accessRights & accessRight(right)) !== 0;
  // Who has answered without it, or may not be asked, says no more.
  const willSay = known.inventory.inventoryAt === undefined && may("AllowQueryDeviceInformation");
  return {
    ...{ platform, osVersion, kind: enrollmentKind },
    supervised: supervised ?? (willSay ? undefined : false),
    productName: known.facts.ProductName,
    sharedIpad: sharedIpad ?? false,
    declares: await declaredBy(work),
    mayInstall: may("AllowAppInstallation"),
  };
}

/** undefined: the device has not said which configurations it knows. */
async function declaredBy({ store, vault }: DutyContext): Promise<Set<string> | undefined> {
  const told = (await openItem(store, vault, "", capabilitiesItem))?.value as
    | { "supported-payloads"?: { declarations?: { configurations?: unknown } } }
    | undefined;
  const configurations = told?.["supported-payloads"]?.declarations?.configurations;
  return Array.isArray(configurations) ? new Set(configurations.map(String)) : undefined;
}
