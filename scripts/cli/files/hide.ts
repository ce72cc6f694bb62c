// What a plan shows of a value: never a secret, neither the file's nor the server's.
import { pointerTo } from "../../../src/catalog/finding.ts";
import type { Json } from "../../../src/declarations/canonical-json.ts";
import type { Difference } from "../../../src/declarations/difference.ts";
import { isSecretKey } from "../../../src/mdm/secrets.ts";
import { holdsPlaceholder } from "./secrets.ts";
import type { Tree } from "./thing.ts";

const hidden = "(secret)";

/** Keys of the API's own that are secrets, beside those of Apple's. */
const apiSecrets: ReadonlySet<string> = new Set(["secret", "hmac_key", "password", "token", "private_key"]);

const keyPayload = "com.apple.security.pkcs12";

const isSecretMember = (key: string, holder: Tree): boolean =>
  isSecretKey(key) || apiSecrets.has(key) || (key === "PayloadContent" && holder.PayloadType === keyPayload);

/** JSON pointers of the secrets in a value. */
export function secretPlaces(value: Json, pointer = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => secretPlaces(item, `${pointer}/${at}`));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const place = pointerTo(pointer, key);
    if (!isSecretMember(key, value)) return secretPlaces(member, place);
    return typeof member === "string" ? [place] : [];
  });
}

/** A difference as it may be shown: what the file has, as it is written there. */
export function shownDifference({ pointer, from, to }: Difference, written: Tree): Difference {
  const there = valueAt(written, pointer);
  const isSecret = isSecretPlace(written, pointer);
  return {
    pointer,
    ...(from !== undefined && { from: isSecret ? hidden : withoutSecrets(from, there) }),
    ...(to !== undefined && { to: toShow(to, there, isSecret) }),
  };
}

function toShow(to: Json, written: Json | undefined, isSecret: boolean): Json {
  if (typeof written === "string" && holdsPlaceholder(written)) return written;
  return isSecret ? hidden : withoutSecrets(to, written);
}

/** Where the file has a placeholder, the value is not shown either. */
function withoutSecrets(value: Json, written: Json | undefined): Json {
  if (typeof written === "string" && holdsPlaceholder(written)) return hidden;
  if (Array.isArray(value))
    return value.map((item, at) => withoutSecrets(item, Array.isArray(written) ? written[at] : undefined));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      isSecretMember(key, value) && member !== null ? hidden : withoutSecrets(member, memberOf(written, key)),
    ]),
  );
}

function isSecretPlace(written: Tree, pointer: string): boolean {
  const keys = keysOf(pointer);
  return keys.some((key, at) => {
    const holder = keys.slice(0, at).reduce<Json | undefined>(memberOf, written);
    return isSecretMember(key, isTree(holder) ? holder : {}) && !Array.isArray(memberOf(holder, key));
  });
}

export const valueAt = (value: Json, pointer: string): Json | undefined =>
  keysOf(pointer).reduce<Json | undefined>(memberOf, value);

const keysOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isTree(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

const isTree = (value: Json | undefined): value is Tree =>
  value !== null && typeof value === "object" && !Array.isArray(value);
