import type { Context } from "hono";
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { toBase64Url } from "../base/bytes.ts";

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/**
 * A page for people: one file without scripts or outside resources, with a dark mode. `forms`: where its forms may go.
 * `images`: where a picture may come from besides this server.
 */
export function page(
  c: Context,
  title: string,
  style: string,
  content: Html,
  { forms = "'none'", language = "en", images }: { forms?: string; language?: string; images?: string } = {},
): Response | Promise<Response> {
  const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  const pictures = images === undefined ? "'self'" : `'self' ${images}`;
  c.header(
    "Content-Security-Policy",
    `default-src 'none'; style-src 'nonce-${nonce}'; img-src ${pictures}; base-uri 'none'; form-action ${forms}; frame-ancestors 'none'`,
  );
  c.header("X-Content-Type-Options", "nosniff");
  c.header("X-Frame-Options", "DENY");
  c.header("Referrer-Policy", "no-referrer");
  c.header("Cross-Origin-Opener-Policy", "same-origin");
  c.header("Strict-Transport-Security", "max-age=31536000");
  return c.html(
    html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style nonce="${nonce}">${baseStyle}${style}</style>
</head>
<body>${content}</body>
</html>`,
  );
}

const baseStyle = `
:root { color-scheme: light dark; --line: light-dark(#d8d8dc, #3a3a3e); --soft: light-dark(#f4f4f6, #202024); --quiet: light-dark(#5c5c66, #a0a0aa); --link: light-dark(#0a58ca, #79b0ff) }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: light-dark(#fff, #141417); color: light-dark(#1a1a1e, #ececf0) }
a { color: var(--link) }
code, pre { font: 0.875em/1.5 ui-monospace, monospace }
`;
