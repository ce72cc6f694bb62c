// Apple's names of keys, as a person reads them.
import { words } from "../../../words/words.ts";

/** Short words that are written in capitals. */
const capitals =
  /\b(ssid|dns|url|urls|uuid|uuids|vpn|id|ids|ip|eap|ldap|mdm|os|usb|nfc|mac|tls|ttls|ssl|tv|acme|scep|sim|esim|http|https|pac|pin|sso|iap|api|qos|apn|imap|smtp|psk|wpa)\b/gi;

/** `allowCloudBackup` is "Allow cloud backup"; the common keys have words of their own. */
export function titleOfKey(name: string): string {
  const own = words("payloads").keys as Readonly<Record<string, string>>;
  if (Object.hasOwn(own, name)) return own[name] ?? name;
  const spaced = name
    .replace(/[_-]+/g, " ")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .trim();
  if (!/[a-z]/.test(spaced))
    return first(spaced.toLowerCase()).replace(capitals, (word) => word.toUpperCase());
  const small = spaced
    .split(" ")
    .map((word) => (/^[A-Z\d]{2,}s?$/.test(word) ? word : word.toLowerCase()))
    .join(" ");
  return first(small).replace(capitals, (word) => word.toUpperCase());
}

const first = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What a payload or a declaration is called: in words if it is a common one, otherwise the end of its type. */
export function titleOfType(type: string): string {
  const own = words("payloads").types as Readonly<Record<string, string>>;
  if (Object.hasOwn(own, type)) return own[type] ?? type;
  const end = type
    .replace(/^com\.apple\./, "")
    .replace(/^(configuration|asset|activation|management)\./, "")
    .replace(/\.managed$/, "");
  return first(
    end
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .replace(/[._-]+/g, " ")
      .toLowerCase(),
  ).replace(capitals, (word) => word.toUpperCase());
}
