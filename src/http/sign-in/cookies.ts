import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { hour, second } from "../../base/time.ts";
import { publicOrigin } from "../origin.ts";

/**
 * The two cookies. Lax: a browser brings them along when a provider sends a person back, and not with what other sites
 * post in a person's name. With the prefix `__Host-` no other host of the domain can set one.
 */
const names = { browser: "edgemdm-browser", session: "edgemdm-session" } as const;
export type CookieName = keyof typeof names;

export function readCookie(c: Context, name: CookieName): string | undefined {
  return getCookie(c, names[name], isSecure(c) ? "host" : undefined);
}

export function giveCookie(c: Context, name: CookieName, value: string, untilMs = 2 * hour): void {
  const secure = isSecure(c);
  setCookie(c, names[name], value, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure,
    maxAge: Math.floor(untilMs / second),
    ...(secure && { prefix: "host" as const }),
  });
}

export const takeCookie = (c: Context, name: CookieName): void => giveCookie(c, name, "", 0);

const isSecure = (c: Context): boolean => publicOrigin(c).startsWith("https:");
