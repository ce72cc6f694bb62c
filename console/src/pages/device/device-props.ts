import type { Schemas } from "../../../../client/api.d.ts";

/** What every part of a device's page is given. `onDone`: something was changed, and the device is read again. */
export type DeviceProps = { device: Schemas["DeviceDetail"]; onDone: () => void };
