/** The configurations that this device knows, with the keys of their payloads: all else it refuses. */
export const knownTypes: Readonly<Record<string, readonly string[]>> = {
  "com.apple.configuration.legacy": ["ProfileURL"],
  "com.apple.configuration.management.status-subscriptions": ["StatusItems"],
  "com.apple.configuration.management.test": ["Echo", "EchoDataAssetReference", "ReturnStatus"],
  "com.apple.configuration.passcode.settings": [
    "RequirePasscode",
    "RequireAlphanumericPasscode",
    "RequireComplexPasscode",
    "MinimumLength",
    "MinimumComplexCharacters",
    "MaximumFailedAttempts",
    "MaximumGracePeriodInMinutes",
    "MaximumInactivityInMinutes",
    "MaximumPasscodeAgeInDays",
    "PasscodeReuseLimit",
    "ChangeAtNextAuth",
  ],
  "com.apple.configuration.softwareupdate.enforcement.specific": [
    "TargetOSVersion",
    "TargetBuildVersion",
    "TargetLocalDateTime",
    "DetailsURL",
  ],
};

export const knownAssets: readonly string[] = [
  "com.apple.asset.data",
  "com.apple.asset.credential.userpassword",
  "com.apple.asset.useridentity",
];

export const knownManagement: readonly string[] = [
  "com.apple.management.organization-info",
  "com.apple.management.properties",
  "com.apple.management.server-capabilities",
];
