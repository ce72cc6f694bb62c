import { type Context, Hono } from "hono";
import type { Settings } from "../../admin/setting-entries.ts";
import { loadSettings } from "../../admin/settings.ts";
import { chooseOffer, listOffers, type OfferRefusal, returnOffer } from "../../assignment/offers.ts";
import { channelOfToken, isPresentLink, shelfPath } from "../../assignment/shelf-link.ts";
import { findListed } from "../../db/directory.ts";
import { isStorageFault } from "../../db/fault.ts";
import type { Channel } from "../../db/memberships.ts";
import { openDb } from "../../db/open.ts";
import { memberKinds } from "../../db/schema/sets.ts";
import type { AppEnv } from "../app-env.ts";
import { enrollStyle } from "../device/enroll-page.ts";
import { logRequestFault } from "../fault.ts";
import { accentStyle, logoSource } from "../organization-look.ts";
import { publicOrigin } from "../origin.ts";
import { page } from "../page.ts";
import { isOverLimit } from "../rate-limit.ts";
import { noteDevice } from "../trace.ts";
import { anchorOf, notePage, secondsToRenewal, shelfPage, shelfStyle } from "./page.ts";
import { type Spoken, spokenTo } from "./words/spoken.ts";

/**
 * The self-service page of a device, for whoever has its link: there is no account. It lists what the device's own sets
 * offer, and lets people choose of that. What it cannot do, its link cannot do either.
 */
export const shelf = new Hono<AppEnv>();

type Guest = {
  channel: Channel;
  device: string | undefined;
  spoken: Spoken;
  settings: Settings;
  path: string;
};

shelf.get("/shelf/:token", async (c) => {
  const guest = await guestOf(c);
  if (guest === undefined) return noLink(c);
  const now = Date.now();
  const listed = await listOffers(c.env, guest.channel, now);
  if (!listed.ok) return noLink(c);
  const { offers } = listed.value;
  const { spoken, settings, device, path } = guest;
  const seconds = secondsToRenewal(offers, now);
  if (seconds !== undefined) c.header("Refresh", String(seconds));
  const content = shelfPage({ look: settings, device, offers, path }, spoken.words, now);
  const icons = [...new Set(offers.flatMap(({ iconUrl }) => iconUrl ?? []))];
  return answer(c, spoken, settings, spoken.words.title(settings.organization), content, icons);
});

shelf.post("/shelf/:token/:kind/:name/:act{install|remove}", async (c) => {
  const guest = await guestOf(c);
  if (guest === undefined) return noLink(c);
  const { words } = guest.spoken;
  if (!isFromThisPage(c)) return note(c, guest, words.elsewhere, 403);
  if (await isOverLimit(c.env.LOGIN_LIMIT, c, `shelf ${guest.channel.deviceId}`)) {
    c.header("Retry-After", "60");
    return note(c, guest, words.busy, 429);
  }
  const { kind: named, name: identifier, act } = c.req.param();
  const kind = memberKinds.find((known) => known === named);
  if (kind === undefined) return note(c, guest, words.notOffered, 404);
  const chosen = { kind, identifier };
  const done =
    act === "install"
      ? await chooseOffer(c.env, guest.channel, chosen, null, Date.now())
      : await returnOffer(c.env, guest.channel, chosen, Date.now());
  if (!done.ok) return refused(c, guest, done.refusal);
  c.header("Cache-Control", "no-store");
  return c.redirect(`${guest.path}#${encodeURIComponent(anchorOf(chosen))}`, 303);
});

shelf.notFound((c) => noLink(c as Context<AppEnv>));

shelf.onError(async (fault, c) => {
  logRequestFault(fault, c);
  const spoken = await speak(c);
  c.status(isStorageFault(fault) ? 503 : 500);
  c.header("Retry-After", "60");
  return answer(
    c,
    spoken,
    undefined,
    spoken.words.fault.title,
    notePage(spoken.words.fault, undefined, spoken.words),
  );
});

/** Undefined: the link is not the present one of an enrolled device. Nobody learns which of the reasons it is. */
async function guestOf(c: Context<AppEnv>): Promise<Guest | undefined> {
  const token = c.req.param("token") ?? "";
  const channel = channelOfToken(token);
  if (channel === undefined) return undefined;
  const { device } = await findListed(openDb(c.env.DB), channel.deviceId);
  if (device === undefined || device.state !== "enrolled") return undefined;
  if (!(await isPresentLink(c.env, token, channel, device))) return undefined;
  noteDevice(c, channel.deviceId);
  const [spoken, settings] = await Promise.all([speak(c), loadSettings(c.env, Date.now())]);
  const called = device.name ?? device.modelName ?? undefined;
  return { channel, device: called, spoken, settings, path: shelfPath(token) };
}

function speak(c: Context<AppEnv>): Promise<Spoken> {
  c.header("Vary", "Accept-Language");
  return spokenTo(c.req.header("Accept-Language"));
}

/** A form of another site cannot know the link; browsers say besides where a form comes from. */
function isFromThisPage(c: Context<AppEnv>): boolean {
  const origin = c.req.header("Origin");
  const site = c.req.header("Sec-Fetch-Site");
  if (origin !== undefined && origin !== publicOrigin(c) && origin !== new URL(c.req.url).origin)
    return false;
  if (site !== undefined && site !== "same-origin") return false;
  return origin !== undefined || site !== undefined;
}

function refused(c: Context<AppEnv>, guest: Guest, { reason }: OfferRefusal): Promise<Response> | Response {
  return reason === "not-offered" ? note(c, guest, guest.spoken.words.notOffered, 404) : noLink(c);
}

function note(
  c: Context<AppEnv>,
  { spoken, settings, path }: Guest,
  says: Spoken["words"]["link"],
  status: 403 | 404 | 429,
): Promise<Response> {
  c.status(status);
  return answer(c, spoken, settings, says.title, notePage(says, settings, spoken.words, path));
}

async function noLink(c: Context<AppEnv>): Promise<Response> {
  const [spoken, settings] = await Promise.all([speak(c), loadSettings(c.env, Date.now())]);
  c.status(404);
  const { link } = spoken.words;
  return answer(c, spoken, settings, link.title, notePage(link, settings, spoken.words));
}

async function answer(
  c: Context<AppEnv>,
  { language }: Spoken,
  look: Settings | undefined,
  title: string,
  content: ReturnType<typeof shelfPage>,
  pictures: readonly string[] = [],
): Promise<Response> {
  c.header("Cache-Control", "no-store");
  c.header("X-Robots-Tag", "noindex");
  const logo = look && logoSource(look);
  const sources = new Set([
    ...(logo === undefined ? [] : [logo]),
    ...pictures.map((one) => new URL(one).origin),
  ]);
  const style = enrollStyle + shelfStyle + (look ? accentStyle(look) : "");
  const response = await page(c, title, style, content, {
    ...{ forms: "'self'", language },
    ...(sources.size > 0 && { images: [...sources].join(" ") }),
  });
  // The form of this page says where it comes from; the link itself goes to no other server.
  response.headers.set("Referrer-Policy", "same-origin");
  return response;
}
