import { html } from "hono/html";
import type { Settings } from "../admin/setting-entries.ts";

/** How an organization shows itself on the pages for people: its logo, its color, and whom to ask. */
export type Look = Pick<
  Settings,
  | "organization"
  | "organization_logo"
  | "organization_color"
  | "organization_email"
  | "organization_phone"
  | "organization_url"
>;

export const letterhead = ({ organization, organization_logo: logo }: Look) =>
  html`<p class="who">${logo ? html`<img src="${logo}" alt="" height="40"> ` : ""}<span>${organization}</span></p>`;

/** What the page's policy must let in for the logo. */
export const logoSource = ({ organization_logo: logo }: Look): string | undefined =>
  logo ? (logo.startsWith("data:") ? "data:" : new URL(logo).origin) : undefined;

/** Nothing, where the organization told nothing. */
export function contactLine(title: string, look: Look) {
  const { organization_email: email, organization_phone: phone, organization_url: url } = look;
  const ways = [
    email && html`<a href="mailto:${encodeURIComponent(email).replace("%40", "@")}">${email}</a>`,
    phone && html`<a href="tel:${phone.replace(/[^+\d]/g, "")}">${phone}</a>`,
    url && html`<a href="${url}" rel="noreferrer">${new URL(url).host}</a>`,
  ].filter((way) => way !== null && way !== "");
  if (ways.length === 0) return "";
  return html`<footer class="contact">${title} ${ways.map((way, index) => html`${index > 0 ? " · " : ""}${way}`)}</footer>`;
}

/** Black or white, as it reads better on the color: one of them always has a contrast of 4.5 at least (WCAG 2.2, 1.4.3). */
export const readableOn = (color: string): "#000" | "#fff" =>
  contrast(luminance(color), 1) >= contrast(luminance(color), 0) ? "#fff" : "#000";

export const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
export function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The color is `#` and six digits, or null: it can break out of nothing. */
export const accentStyle = ({ organization_color: color }: Look): string =>
  color === null ? "" : `\n:root { --accent: ${color}; --on-accent: ${readableOn(color)} }`;
