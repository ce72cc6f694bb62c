// ProfileList: https://developer.apple.com/documentation/devicemanagement/profilelistresponse
import type { PlistDict } from "../../plist/value.ts";
import type { ResultReader } from "../results/result-facts.ts";
import { dictsAt, flagAt, item, numberAt, textAt } from "./answer-keys.ts";
import { answeredList, type Item } from "./inventory-facts.ts";

const mostPayloads = 200;

export const profiles: ResultReader = ({ command, result }) => {
  const told = dictsAt(result, "ProfileList");
  if (flagAt(command, "ManagedOnly") || told === undefined) return undefined;
  const items = told.map((profile) =>
    item({
      identifier: textAt(profile, "PayloadIdentifier"),
      uuid: textAt(profile, "PayloadUUID"),
      version: numberAt(profile, "PayloadVersion"),
      display_name: textAt(profile, "PayloadDisplayName"),
      organization: textAt(profile, "PayloadOrganization"),
      description: textAt(profile, "PayloadDescription"),
      removal_disallowed: flagAt(profile, "PayloadRemovalDisallowed"),
      has_removal_passcode: flagAt(profile, "HasRemovalPasscode"),
      encrypted: flagAt(profile, "IsEncrypted"),
      managed: flagAt(profile, "IsManaged"),
      source: textAt(profile, "Source"),
      signed: isSigned(profile),
      payloads: (dictsAt(profile, "PayloadContent") ?? []).slice(0, mostPayloads).map(payload),
    }),
  );
  return { inventory: { list: answeredList("installed-profiles", items, keyOf) } };
};

const payload = (dict: PlistDict): Item =>
  item({
    type: textAt(dict, "PayloadType"),
    identifier: textAt(dict, "PayloadIdentifier"),
    uuid: textAt(dict, "PayloadUUID"),
    version: numberAt(dict, "PayloadVersion"),
    display_name: textAt(dict, "PayloadDisplayName"),
  });

function isSigned(profile: PlistDict): boolean | undefined {
  const signers = profile.get("SignerCertificates");
  return Array.isArray(signers) ? signers.length > 0 : undefined;
}

const keyOf = ({ identifier = "", uuid = "" }: Item): string => [identifier, uuid].join("\u0000");
