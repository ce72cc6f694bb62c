/** What is known of a device beyond what it says when it checks in. Absent: not known. */
export type DeviceTraits = {
  supervised?: boolean;
  /** Shared iPad. */
  sharedIpad?: boolean;
  /** The bits of the MDM payload that its enrollment received. */
  accessRights?: number;
  /** PayloadIdentifier of the profile that holds the MDM payload. */
  enrollmentProfile?: string;
};
