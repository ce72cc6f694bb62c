// EnableLostMode and DisableLostMode: https://developer.apple.com/documentation/devicemanagement/enable_lost_mode
// What the device acknowledged is known at once; DeviceInformation says it again hours later, which is too late for those who
// look for the device.
import type { ResultReader } from "./result-facts.ts";

export const lostMode: ResultReader = ({ requestType, userId }) =>
  userId === "" ? { inventory: { facts: { lostMode: requestType === "EnableLostMode" } } } : undefined;
