import { forgetEnrollmentSettings } from "../../src/enrollment/enrollment-settings.ts";
import { ask, origin } from "./admin.ts";
import { topic, transport } from "./fleet.ts";

export const setEnrollment = (json: object) => ask("PATCH", "/api/v1/enrollment/settings", { json });

/** A server that can enroll devices: it has an authority and a topic. */
export async function readyToEnroll(): Promise<void> {
  forgetEnrollmentSettings();
  await ask("POST", "/api/v1/authorities", { json: { if_none: true } });
  await setEnrollment({ mdm: { Topic: topic } });
}

export async function invitation(json: object = {}) {
  const answer = await ask("POST", "/api/v1/enrollment/invitations", { json });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json as { id: string; code: string; url: string; qr_svg: string; expires_at: string };
}

/** What a browser on a device gets. */
export async function open(path: string, { method = "GET", userAgent = "", language = "" } = {}) {
  const request = new Request(path.startsWith("http") ? path : origin + path, {
    method,
    headers: { "User-Agent": userAgent, ...(language && { "Accept-Language": language }) },
  });
  const answer = await transport(request);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { status: answer.status, headers: answer.headers, bytes, html: new TextDecoder().decode(bytes) };
}

/** The address behind the page's button. */
export const buttonOf = (html: string): string =>
  (/<a class="button" href="([^"]+)"/.exec(html)?.[1] ?? "").replaceAll("&amp;", "&");
