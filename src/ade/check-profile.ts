import { nearMiss } from "../catalog/near-miss.ts";
import { checkCertificates } from "./check-certificates.ts";
import { hostOf, urlFault } from "./check-url.ts";
import { isObject, type JsonObject } from "./json.ts";
import { type ProfileKey, profileKeys } from "./profile.ts";
import {
  type ProfileCode,
  type ProfileFinding,
  profileCodes,
  type Weigh,
  type Wrong,
} from "./profile-findings.ts";
import { checkSkipItems, type SkipItems, type SkipTarget } from "./skip-items.ts";

/**
 * The rules of Define a Profile, all at once and before Apple is asked.
 * https://developer.apple.com/documentation/devicemanagement/define-a-profile
 *
 * Leaves to others: who may save a profile, and what Apple says to it.
 *
 * The surprise: an absent key is never wrong where it is optional, while an empty text always is. null counts as absent.
 */
export type ProfileContext = {
  now: number;
  /** What the client will send. */
  userAgent: string;
  /** From the catalogue: `loadSkipItems`. */
  skipItems: SkipItems;
  /** Which systems the profile is for; without any, skip items are only looked up by name. */
  targets?: readonly SkipTarget[];
  /** Where this server's devices come: another place is told. */
  serverHost?: string;
};

/** With errors, Apple would refuse or misunderstand it; warnings are for a person to weigh. */
export type ProfileCheck = { errors: ProfileFinding[]; warnings: ProfileFinding[] };

const largestProfileBytes = 512 * 1024;

/** Apple counts characters; what it calls UTF-8 characters may be bytes, so more bytes than that are told. */
const limits = [
  ["profile_name", 125, "CONFIG_NAME_INVALID"],
  ["department", 125, "DEPARTMENT_INVALID"],
  ["org_magic", 256, "MAGIC_INVALID"],
  ["support_email_address", 250, "SUPPORT_EMAIL_INVALID"],
  ["support_phone_number", 50, "SUPPORT_PHONE_INVALID"],
] as const satisfies [ProfileKey, number, ProfileCode][];

export function checkAdeProfile(input: unknown, context: ProfileContext): ProfileCheck {
  const errors: ProfileFinding[] = [];
  const warnings: ProfileFinding[] = [];
  const wrong: Wrong = (code, pointer, detail) => {
    errors.push({ pointer, code, detail });
  };
  const weigh: Weigh = (code, pointer, detail) => {
    warnings.push({ pointer, code, detail });
  };

  checkUserAgent(context.userAgent, wrong);
  if (!isObject(input)) {
    wrong("MALFORMED_REQUEST_BODY", "", "a profile is a JSON object");
    return { errors, warnings };
  }
  const profile = withoutNulls(input);
  const bytes = Buffer.byteLength(JSON.stringify(profile));
  if (bytes > largestProfileBytes) {
    wrong("too-large", "", `it has ${bytes} bytes; ${largestProfileBytes} is the most`);
    return { errors, warnings };
  }

  checkKeys(profile, wrong);
  checkRequired(profile, wrong);
  checkTexts(profile, wrong, weigh);
  checkUrls(profile, context, wrong, weigh);
  checkLocale(profile, wrong, weigh);
  checkFlags(profile, wrong, weigh);
  checkCertificates(profile, context.now, wrong, weigh);
  warnings.push(...checkSkipItems(profile.skip_setup_items, context.skipItems, context.targets ?? []));
  return { errors, warnings };
}

const withoutNulls = (input: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== null));

function checkUserAgent(userAgent: string, wrong: Wrong): void {
  if (userAgent.trim() === "") wrong("USER_AGENT_MISSING", "", "the account has no User-Agent: set one");
  else if (!/^[!-~]+( [ -~]*)?$/.test(userAgent) || userAgent.length > 250)
    wrong("USER_AGENT_INVALID", "", "the account's User-Agent is no product name and version: edgemdm/1.0");
}

const types = {
  text: "a text",
  flag: "true or false",
  texts: "a list of texts",
} as const;

function checkKeys(profile: JsonObject, wrong: Wrong): void {
  for (const [key, value] of Object.entries(profile)) {
    const kind = Object.hasOwn(profileKeys, key) ? profileKeys[key as ProfileKey] : undefined;
    if (!kind) wrong("unknown-key", pointerTo(key), unknownKey(key));
    // A text has a code of Apple's own, which its rule gives.
    else if (!isOf(kind, value) && !hasCode(key))
      wrong("wrong-type", pointerTo(key), `it must be ${types[kind]}`);
  }
}

function unknownKey(key: string): string {
  if (key === "devices") return "devices are assigned by themselves, not with a profile";
  if (key === "profile_uuid") return "Apple gives it; it cannot be set";
  const near = nearMiss(key, Object.keys(profileKeys));
  return near ? `Apple knows no such key; is it ${near}?` : "Apple knows no such key";
}

const isOf = (kind: (typeof profileKeys)[ProfileKey], value: unknown): boolean =>
  kind === "text"
    ? typeof value === "string"
    : kind === "flag"
      ? typeof value === "boolean"
      : Array.isArray(value) && value.every((item) => typeof item === "string");

const withCode = new Set<string>([
  ...limits.map(([key]) => key),
  "url",
  "configuration_web_url",
  "language",
  "region",
]);
const hasCode = (key: string): boolean => withCode.has(key);
const pointerTo = (key: string): string => `/${key.slice(0, 100).replace(/~/g, "~0").replace(/\//g, "~1")}`;

function checkRequired(profile: JsonObject, wrong: Wrong): void {
  if (profile.profile_name === undefined)
    wrong("CONFIG_NAME_REQUIRED", profileCodes.CONFIG_NAME_REQUIRED, "the profile needs a name");
  if (profile.url === undefined)
    wrong(
      "CONFIG_URL_REQUIRED",
      profileCodes.CONFIG_URL_REQUIRED,
      "the profile needs the URL that devices enroll at",
    );
}

function checkTexts(profile: JsonObject, wrong: Wrong, weigh: Weigh): void {
  for (const [key, most, code] of limits) {
    const value = profile[key];
    if (value === undefined) continue;
    const pointer = pointerTo(key);
    if (typeof value !== "string") wrong(code, pointer, "it must be a text");
    else if (value.trim() === "") wrong(code, pointer, "it is empty: leave the key out");
    else if (charactersOf(value) > most)
      wrong(code, pointer, `it has ${charactersOf(value)} characters; ${most} are the most`);
    else if (key === "support_email_address" && !/^[^@\s]+@[^@\s]+$/.test(value))
      wrong(code, pointer, "it is no email address");
    else if (Buffer.byteLength(value) > most)
      weigh(
        "many-bytes",
        pointer,
        `it has ${Buffer.byteLength(value)} bytes; Apple may count them, and ${most} are the most`,
      );
  }
}

/** Code points: what people see as one may be several. */
const charactersOf = (text: string): number => [...text].length;

function checkUrls(profile: JsonObject, { serverHost }: ProfileContext, wrong: Wrong, weigh: Weigh): void {
  for (const key of ["url", "configuration_web_url"] as const) {
    const value = profile[key];
    const fault = value === undefined ? undefined : urlFault(value);
    if (fault) wrong("CONFIG_URL_INVALID", `/${key}`, fault);
  }
  const [host, webHost] = [hostOf(profile.url), hostOf(profile.configuration_web_url)];
  if (host && serverHost && host !== serverHost)
    weigh("other-host", "/url", `devices enroll at ${host}, while this server is at ${serverHost}`);
  if (host && webHost && host !== webHost)
    weigh(
      "other-host",
      "/configuration_web_url",
      `a device takes the profile only from the host of the page; url has ${host}`,
    );
}

function checkLocale({ language, region }: JsonObject, wrong: Wrong, weigh: Weigh): void {
  const isLanguage =
    typeof language === "string" && /^[a-z]{2,3}$/.test(language) && nameOf("language", language);
  if (language !== undefined && !isLanguage)
    wrong("LOCALE_INVALID", "/language", "it must be a language of ISO 639, such as en");
  const isRegion = typeof region === "string" && isCurrentRegion(region);
  if (region !== undefined && !isRegion)
    wrong("LOCALE_INVALID", "/region", "it must be a region of ISO 3166-1, such as US");
  if (isLanguage && region === undefined)
    weigh("half-locale", "/region", "language is used together with region only");
  if (isRegion && language === undefined)
    weigh("half-locale", "/language", "region is used together with language only");
}

/** Two letters that stand for a country today: UK is written GB, and ZZ is nowhere. */
const isCurrentRegion = (region: string): boolean =>
  /^[A-Z]{2}$/.test(region) &&
  region !== "ZZ" &&
  nameOf("region", region) !== undefined &&
  Intl.getCanonicalLocales(`und-${region}`)[0] === `und-${region}`;

const nameOf = (type: "language" | "region", code: string): string | undefined =>
  new Intl.DisplayNames("en", { type, fallback: "none" }).of(code);

function checkFlags(profile: JsonObject, wrong: Wrong, weigh: Weigh): void {
  const isOn = (key: ProfileKey): boolean => profile[key] === true;
  if (profile.is_mdm_removable === false && !isOn("is_supervised"))
    wrong("FLAGS_INVALID", "/is_mdm_removable", "false needs is_supervised true");
  if (isOn("is_multi_user") && !isOn("is_supervised"))
    weigh("needs-supervision", "/is_multi_user", "Shared iPad needs is_supervised true");
  if (isOn("auto_advance_setup") && (profile.language === undefined || profile.region === undefined))
    weigh("needs-locale", "/auto_advance_setup", "without language and region the device stops and asks");
  if (isOn("auto_advance_setup") && !isOn("await_device_configured"))
    weigh(
      "no-account",
      "/auto_advance_setup",
      "a Mac ends without any account unless await_device_configured is true",
    );
  if (isOn("is_return_to_service") && profile.await_device_configured === false)
    weigh(
      "awaits-anyway",
      "/await_device_configured",
      "true is sent: a device that returns to service awaits its configuration",
    );
}
