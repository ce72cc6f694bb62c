/** What is known of a device beyond what it says when it checks in. Absent: not known. */
export type DeviceTraits = {
  supervised?: boolean;
  /** Shared iPad. */
  sharedIpad?: boolean;
  /** PayloadIdentifier of the profile that holds the MDM payload. */
  enrollmentProfile?: string;
};
