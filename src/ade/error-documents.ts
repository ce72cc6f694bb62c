/**
 * What a device is answered instead of a profile: a code that its system acts by, or words for the person before it.
 * https://developer.apple.com/documentation/devicemanagement/errorcodesoftwareupdaterequired
 *
 * The surprise: the content type must be that of the document, or the device takes it for a broken profile.
 */
export type ErrorDocument = {
  code: string;
  description: string;
  message?: string;
  details?: { [key: string]: unknown };
};

export const softwareUpdateRequired = (version: string): ErrorDocument => ({
  code: "com.apple.softwareupdate.required",
  description: `this organization wants ${version} at least`,
  message: `Your organization requires version ${version} or later. It is installed first.`,
  details: { OSVersion: version },
});

export type PlatformSso = {
  ProfileURL: string;
  AuthURL: string;
  Package: {
    ManifestURL: string;
    PinningCerts?: string[] | undefined;
    PinningRevocationCheckRequired?: boolean | undefined;
  };
};

export const platformSsoRequired = (details: PlatformSso): ErrorDocument => ({
  code: "com.apple.psso.required",
  description: "this organization has people sign in before a Mac is set up",
  message: "Your organization requires you to sign in.",
  details,
});

export const watchPairingRequired = (token: string): ErrorDocument => ({
  code: "com.apple.watch.pairing.token.missing",
  description: "the phone must speak for this watch",
  details: { "security-token": token },
});

/** A code of ours: the device shows the message. */
export const refusedEnrollment = (reason: string, message: string): ErrorDocument => ({
  code: `edgemdm.${reason}`,
  description: reason,
  message,
});
