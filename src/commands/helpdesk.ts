/** Commands that help a person whose device is lost, locked or stuck. All of them to one device at a time. */
export const helpdeskCommands: ReadonlySet<string> = new Set([
  "ClearPasscode",
  "DeviceLocation",
  "DeviceLock",
  "DisableLostMode",
  "EnableLostMode",
  "PlayLostModeSound",
  "RestartDevice",
]);
