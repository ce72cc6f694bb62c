/** Facts about a device besides those in its check-ins. Absent: not known. */
export type DeviceTraits = {
  supervised?: boolean;
  /** Shared iPad. */
  sharedIpad?: boolean;
  /** PayloadIdentifier of the profile with the MDM payload. */
  enrollmentProfile?: string;
};
