/** What is known of the device that a value is for. Every fact may be missing; a missing fact produces no finding. */
export type Context = {
  platform?: "ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos" | undefined;
  osVersion?: string | undefined;
  channel?: "device" | "user" | undefined;
  supervised?: boolean | undefined;
  enrollmentKind?: "device" | "ade" | "account_device" | "user" | undefined;
  sharedIpad?: boolean | undefined;
  /** The bits of the enrollment's MDM payload. */
  accessRights?: number | undefined;
};
