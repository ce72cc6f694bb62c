import * as v from "valibot";
import { logo } from "../logo.ts";

// What people read of the organization.

export const organizationEntries = {
  organization: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1),
      v.maxLength(100),
      v.description("The name people read on enrollment pages and in profiles"),
    ),
    "edgemdm",
  ),
  organization_email: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.string(), v.email("must be an address such as it@example.com"), v.maxLength(254))),
      v.description("The address that people may write to; devices with declarations get it"),
    ),
    null,
  ),
  organization_phone: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(
          v.string(),
          v.minLength(3),
          v.maxLength(40),
          v.regex(/^\+?[0-9][0-9 ().-]+$/, "must be a number such as +49 30 1234567"),
        ),
      ),
      v.description("The number that people may call with questions about their device"),
    ),
    null,
  ),
  organization_url: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(
          v.string(),
          v.url("must be a URL"),
          v.regex(/^https?:\/\//, "must begin with https:// or http://"),
          v.maxLength(500),
        ),
      ),
      v.description("The organization's own page; devices with declarations get it"),
    ),
    null,
  ),
  organization_color: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(v.string(), v.length(7), v.regex(/^#[0-9a-fA-F]{6}$/, "must be a color such as #0a58ca")),
      ),
      v.description(
        "The color of buttons on the pages for people; their text is black or white, as it reads best",
      ),
    ),
    null,
  ),
  organization_logo: v.optional(
    v.pipe(
      v.nullable(logo),
      v.description(
        "The picture on the pages for people: an https address, or a data URL of a PNG, JPEG, GIF, WebP or SVG picture of at most 48 KiB",
      ),
    ),
    null,
  ),
} as const;
