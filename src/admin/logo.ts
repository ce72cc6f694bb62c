import * as v from "valibot";
import { fromBase64 } from "../base/bytes.ts";

/**
 * An organization's logo: an https address, or the picture itself as a data URL. A data URL is checked against what it says
 * it is. Browsers run no script in a picture, so SVG is safe too.
 */
const largestPicture = 48 * 1024;
const longestDataUrl = 66_000;
const longestAddress = 2000;

const signatures: Readonly<Record<string, RegExp>> = {
  png: /^\x89PNG\r\n/,
  jpeg: /^\xff\xd8\xff/,
  gif: /^GIF8[79]a/,
  webp: /^RIFF[\s\S]{4}WEBP/,
  "svg+xml": /^(\xef\xbb\xbf)?\s*<(\?xml|!--|!DOCTYPE|svg)[\s\S]*/,
};

function isPicture(text: string): boolean {
  const [, type = "", content = ""] =
    /^data:image\/([a-z+]+);base64,([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = fromBase64(content);
  if (!bytes?.length || bytes.length > largestPicture) return false;
  const characters = Buffer.from(bytes).toString("latin1");
  return Object.hasOwn(signatures, type) && signatures[type]?.test(characters) === true;
}

function isAddress(text: string): boolean {
  const url = text.length <= longestAddress ? URL.parse(text) : null;
  return url?.protocol === "https:" && url.username === "" && url.password === "";
}

export const logo = v.pipe(
  v.string(),
  v.maxLength(longestDataUrl, `must have at most ${longestDataUrl} characters`),
  v.check(
    (text) => isAddress(text) || isPicture(text),
    "must be an https address, or a data URL of a PNG, JPEG, GIF, WebP or SVG picture of at most 48 KiB in base64",
  ),
);
