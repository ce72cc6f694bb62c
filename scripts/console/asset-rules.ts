// The rules of Cloudflare's asset layer, which answers below /console without the Worker.
// https://developers.cloudflare.com/workers/static-assets/headers/ and …/redirects/

/**
 * Nothing from elsewhere, nothing inline, no text that becomes markup: names that devices report are shown by this page.
 * With `require-trusted-types-for`, the browser itself refuses `innerHTML` and its like.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const unusedFeatures = ["camera", "display-capture", "geolocation", "microphone", "payment", "usb"];

export const securityHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy": policy,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Strict-Transport-Security": "max-age=31536000",
  "Permissions-Policy": unusedFeatures.map((feature) => `${feature}=()`).join(", "),
};

/** Cloudflare's own `public, max-age=0, must-revalidate` stays on the page: a new build is seen at the next load. */
export function assetHeaders(build: string): string {
  const everywhere = Object.entries(securityHeaders).map(([name, value]) => `  ${name}: ${value}`);
  return [
    ...["/console", ...everywhere],
    ...["/console/*", ...everywhere],
    ...[`/console/${build}/*`, "  Cache-Control: public, max-age=31536000, immutable"],
    "",
  ].join("\n");
}

const partsOfPrograms = ["js", "css", "map", "json", "svg", "png", "ico", "txt", "webmanifest"];

/**
 * 200 is a rewrite. What is named like a part of a program is itself or 404, and all else is the page, which knows the
 * paths: so a part of an old build is missing, and not a page that a browser would keep as a script.
 */
export function assetRoutes(build: string): string {
  return [
    "/console /console/ 307",
    `/console/${build}/* /console/${build}/:splat 200`,
    ...partsOfPrograms.map((kind) => `/console/*.${kind} /console/:splat.${kind} 200`),
    "/console/* /console/page.html 200",
    "",
  ].join("\n");
}
