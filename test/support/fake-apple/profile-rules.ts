import { badRequest } from "./refusal.ts";

// What Apple refuses in a profile, one word at a time: written from the page "Define a Profile", apart from the server's
// own check.

type Body = Record<string, unknown>;

const texts: readonly [key: string, most: number, code: string][] = [
  ["profile_name", 125, "CONFIG_NAME_INVALID"],
  ["department", 125, "DEPARTMENT_INVALID"],
  ["org_magic", 256, "MAGIC_INVALID"],
  ["support_email_address", 250, "SUPPORT_EMAIL_INVALID"],
  ["support_phone_number", 50, "SUPPORT_PHONE_INVALID"],
];

export function checkProfile(body: Body): void {
  if (!("profile_name" in body)) throw badRequest("CONFIG_NAME_REQUIRED");
  if (!("url" in body)) throw badRequest("CONFIG_URL_REQUIRED");
  for (const [key, most, code] of texts) {
    if (!(key in body)) continue;
    const value = body[key];
    const length = typeof value === "string" ? Array.from(value).length : 0;
    if (length === 0 || length > most) throw badRequest(code);
  }
  for (const key of ["url", "configuration_web_url"]) if (key in body) checkUrl(body[key]);
  if (body.is_mdm_removable === false && body.is_supervised !== true) throw badRequest("FLAGS_INVALID");
  checkLocale(body);
}

function checkUrl(value: unknown): void {
  if (typeof value !== "string" || value === "" || value.length > 2000)
    throw badRequest("CONFIG_URL_INVALID");
  const isWellFormed =
    /^[a-z][a-z0-9+.-]*:\/\//i.test(value) && !/[^!#$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]/.test(value);
  if (!isWellFormed || !URL.canParse(value)) throw badRequest("CONFIG_URL_INVALID");
}

/** Names that Apple does not know, or a text where it wants another. */
function checkLocale({ language, region }: Body): void {
  const known = (type: "language" | "region", value: unknown): boolean => {
    if (typeof value !== "string") return false;
    try {
      return new Intl.DisplayNames("en", { type, fallback: "none" }).of(value) !== undefined;
    } catch {
      return false;
    }
  };
  if (language !== undefined && !known("language", language)) throw badRequest("LOCALE_INVALID");
  if (region !== undefined && (!known("region", region) || !/^[A-Z]{2}$/.test(String(region))))
    throw badRequest("LOCALE_INVALID");
}
