// InstallApplication: https://developer.apple.com/documentation/devicemanagement/install-application-command
// InstallEnterpriseApplication: https://developer.apple.com/documentation/devicemanagement/install-enterprise-application-command
import type { PlistDict, PlistInput } from "../plist/value.ts";
import { type App, type AppDevice, manifestAt } from "./app.ts";
import { isAtLeast, isIosAppOnMac, isMac } from "./channel.ts";

/** The commands that bring an app, change its configuration, and remove it. */
export type AppCommand = { RequestType: string; [key: string]: PlistInput | undefined };

/** Apple's: remove it when the device leaves. */
const removedOnLeave = 1;
/** Apple's: paid for by a licence of Apps and Books. */
const byLicence = 1;

/** Sent again, the same command updates an app. */
export function installCommand(
  app: App,
  device: AppDevice,
  { configuration, manifestUrl }: { configuration?: PlistDict | undefined; manifestUrl?: string | undefined },
): AppCommand {
  const { source, removeWhenUnassigned, licensedTo } = app;
  const isUsers = device.kind === "user";
  const isManaged = !isMac(device) || (isAtLeast(device.osVersion, "11") && !isUsers);
  const common = {
    ...(isManaged && { ManagementFlags: removeWhenUnassigned ? removedOnLeave : 0 }),
    ...(isManaged && isMac(device) && { InstallAsManaged: true }),
    ...(isManaged && !isUsers && { ChangeManagementState: "Managed" }),
    ...(isIosAppOnMac(app, device) && { iOSApp: true }),
    ...(configuration !== undefined && (isManaged || isUsers) && { Configuration: configuration }),
  };
  if ("store" in source)
    return {
      RequestType: "InstallApplication",
      iTunesStoreID: Number(source.store.adamId),
      ...(licensedTo !== null && { Options: { PurchaseMethod: byLicence } }),
      ...common,
    };
  return {
    RequestType: isMac(device) ? "InstallEnterpriseApplication" : "InstallApplication",
    ManifestURL: manifestAt(source, manifestUrl),
    ...common,
  };
}

/** A device that is not a Mac takes a configuration by itself; a Mac takes it with the command that installs. */
export const configureCommand = (identifier: string, configuration: PlistDict | undefined): AppCommand => ({
  RequestType: "Settings",
  Settings: [
    {
      Item: "ApplicationConfiguration",
      Identifier: identifier,
      ...(configuration !== undefined && { Configuration: configuration }),
    },
  ],
});

export const removeCommand = (identifier: string): AppCommand => ({
  RequestType: "RemoveApplication",
  Identifier: identifier,
});
