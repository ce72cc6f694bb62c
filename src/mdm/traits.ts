/** Facts about a device besides those in its check-ins. Absent: not known. */
export type DeviceTraits = {
  supervised?: boolean;
  /** Shared iPad. */
  sharedIpad?: boolean;
  /** PayloadIdentifier of the profile with the MDM payload. */
  enrollmentProfile?: string;
  /** Of a Mac with FileVault: what is known of its personal recovery key, and since when. */
  fileVaultKey?: { state: FileVaultKeyState; since: number };
};

/** `proven`: it came encrypted to us and was opened, so the one in escrow is the Mac's. */
export const fileVaultKeyStates = ["proven", "unreadable", "not-sent", "no-key"] as const;
export type FileVaultKeyState = (typeof fileVaultKeyStates)[number];
