// The URLs of an enrollment profile: well-formed by RFC 2396 with the bracketed hosts of RFC 2732, and https.

/** Of the URL as it is encoded. */
const longestUrl = 2000;

/** The characters of RFC 2396 section 2, `#` of a fragment, and the brackets of RFC 2732. */
const characters = /^[A-Za-z0-9\-_.!~*'();/?:@&=+$,%#[\]]*$/;

/** What is wrong with it; undefined for nothing. A URL parser is too kind: it mends what Apple refuses. */
export function urlFault(value: unknown): string | undefined {
  if (typeof value !== "string") return "it must be a text";
  if (value.trim() === "") return "it is empty";
  if (!characters.test(value)) return "it holds characters that a URL must have percent-encoded";
  if (/%(?![0-9A-Fa-f]{2})/.test(value)) return "a % in it is not followed by two hexadecimal digits";
  if (value.length > longestUrl) return `it has ${value.length} characters; ${longestUrl} are the most`;
  if (!/^https:\/\/[^/]/i.test(value)) return "it must begin with https:// and a host";
  if (!URL.canParse(value)) return "it is no URL";
  const { username, password, pathname, search } = new URL(value);
  if (username !== "" || password !== "") return "it must not hold a user name or a password";
  if (value.includes("#")) return "it must not have a fragment (#)";
  return /[[\]]/.test(pathname + search) ? "brackets belong around an IPv6 address only" : undefined;
}

/** Of a URL that is one. */
export const hostOf = (value: unknown): string | undefined =>
  urlFault(value) === undefined ? new URL(value as string).host : undefined;
