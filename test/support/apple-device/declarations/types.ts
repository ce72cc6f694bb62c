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

type System = { platform: string; version: string };

const appKeys = ["AppStoreID", "BundleID", "ManifestURL", "InstallBehavior"];
const keysOf26 = ["UpdateBehavior"];

const isFrom = (version: string, least: number): boolean => Number.parseFloat(version) >= least;

/** Apps, which only newer systems take, and with keys that came one after the other (section 6 of apps-and-books). */
function appTypes({ platform, version }: System): Record<string, readonly string[]> {
  const phone = platform === "ios" || platform === "ipados";
  const knowsApps = (phone && isFrom(version, 17.2)) || (platform === "visionos" && isFrom(version, 2.4));
  const isNewMac = platform === "macos" && isFrom(version, 26);
  const configured = (phone && isFrom(version, 18.4)) || (platform === "macos" && isFrom(version, 27));
  return {
    ...((knowsApps || isNewMac) && {
      "com.apple.configuration.app.managed": [
        ...appKeys,
        ...(isNewMac ? ["iOSApp", "AppComposedIdentifier"] : ["IncludeInBackup", "Attributes"]),
        ...(configured ? ["AppConfig", "LegacyAppConfigAssetReference"] : []),
        ...(isFrom(version, 26) ? keysOf26 : []),
      ],
    }),
    ...(isNewMac && { "com.apple.configuration.package": ["ManifestURL", "InstallBehavior"] }),
  };
}

export const typesOf = (system: System): Readonly<Record<string, readonly string[]>> => ({
  ...knownTypes,
  ...appTypes(system),
});

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
