// ProvisioningProfileList, UserList and AvailableOSUpdates: short lists of flat entries.
// https://developer.apple.com/documentation/devicemanagement/provisioningprofilelistresponse
// https://developer.apple.com/documentation/devicemanagement/userlistresponse
// https://developer.apple.com/documentation/devicemanagement/availableosupdatesresponse
import type { ResultReader } from "../results/result-facts.ts";
import { dateAt, dictsAt, flagAt, item, numberAt, textAt } from "./answer-keys.ts";
import { answeredList, type Item } from "./inventory-facts.ts";

export const provisioningProfiles: ResultReader = ({ command, result }) => {
  const told = dictsAt(result, "ProvisioningProfileList");
  if (flagAt(command, "ManagedOnly") || told === undefined) return undefined;
  const items = told.map((profile) =>
    item({
      name: textAt(profile, "Name"),
      uuid: textAt(profile, "UUID"),
      expires_at: dateAt(profile, "ExpiryDate"),
    }),
  );
  return { inventory: { list: answeredList("provisioning-profiles", items, by("name", "uuid")) } };
};

export const users: ResultReader = ({ result }) => {
  const told = dictsAt(result, "Users");
  if (told === undefined) return undefined;
  const items = told.map((user) =>
    item({
      short_name: textAt(user, "UserName"),
      full_name: textAt(user, "FullName"),
      uid: numberAt(user, "UID"),
      guid: textAt(user, "UserGUID"),
      logged_in: flagAt(user, "IsLoggedIn"),
      has_secure_token: flagAt(user, "HasSecureToken"),
      mobile_account: flagAt(user, "MobileAccount"),
      has_data_to_sync: flagAt(user, "HasDataToSync"),
      data_quota: numberAt(user, "DataQuota"),
      data_used: numberAt(user, "DataUsed"),
    }),
  );
  return { inventory: { list: answeredList("users", items, by("short_name", "guid")) } };
};

export const availableUpdates: ResultReader = ({ result }) => {
  const told = dictsAt(result, "AvailableOSUpdates");
  if (told === undefined) return undefined;
  const items = told.map((update) =>
    item({
      product_key: textAt(update, "ProductKey"),
      name: textAt(update, "HumanReadableName") ?? textAt(update, "ProductName"),
      version: textAt(update, "Version"),
      build: textAt(update, "Build"),
      supplemental_version: textAt(update, "SupplementalOSVersionExtra"),
      supplemental_build: textAt(update, "SupplementalBuildVersion"),
      download_size: numberAt(update, "DownloadSize"),
      install_size: numberAt(update, "InstallSize"),
      critical: flagAt(update, "IsCritical"),
      security_response: flagAt(update, "IsSecurityResponse"),
      major: flagAt(update, "IsMajorOSUpdate"),
      firmware: flagAt(update, "IsFirmwareUpdate"),
      configuration_data: flagAt(update, "IsConfigDataUpdate"),
      restart_required: flagAt(update, "RestartRequired"),
      allows_install_later: flagAt(update, "AllowsInstallLater"),
      requires_bootstrap_token: flagAt(update, "RequiresBootstrapToken"),
      deferred_until: dateAt(update, "DeferredUntil"),
    }),
  );
  return { inventory: { list: answeredList("available-updates", items, by("product_key", "version")) } };
};

const by =
  (...names: readonly string[]) =>
  (entry: Item): string =>
    names.map((name) => entry[name] ?? "").join("\u0000");
