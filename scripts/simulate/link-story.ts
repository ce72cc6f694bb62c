// One iPhone whose owner opens the link of an invitation: the page, the profile, the enrollment, and then what the phone gets.
import {
  type AppleDevice,
  appleDevice,
  EnrollmentFailed,
  seededRandom,
} from "../../test/support/apple-device.ts";
import { Trouble } from "../trouble.ts";
import { Narrator } from "./narrator.ts";

export type LinkStory = {
  link: URL;
  seed: string;
  seconds: number;
  intervalSeconds: number;
  stop: AbortSignal;
};

/** True: the phone is enrolled at the end. It stays enrolled. */
export async function openLink({ link, seed, seconds, intervalSeconds, stop }: LinkStory): Promise<boolean> {
  const say = new Narrator();
  const page = await opened(link);
  const button = /href="([^"]*\/enroll\/profile[^"]*)"/
    .exec(await page.text())?.[1]
    ?.replaceAll("&amp;", "&");
  if (button === undefined)
    throw new Trouble(`the page at ${link} has no button: is it the link of an invitation?`);
  say.that("owner", "opens the link, reads who will manage the phone, and taps the button");
  const profile = await opened(new URL(button, link));
  const phone = appleDevice("iphone", {
    transport: (request) => fetch(request),
    random: seededRandom(seed),
    requireHttps: false,
    pause: (ms) => new Promise((done) => setTimeout(done, ms)),
  });
  await phone.enroll({ profile: new Uint8Array(await profile.arrayBuffer()) }).catch((fault: unknown) => {
    if (fault instanceof EnrollmentFailed) throw new Trouble(`the phone cannot enroll: ${fault.message}`);
    throw fault;
  });
  say.that("phone", `is enrolled: ${phone.hardware.serialNumber}`);
  const end = Date.now() + seconds * 1000;
  const told = new Set<string>();
  while (!stop.aborted && phone.isEnrolled && Date.now() < end) {
    await connect(phone, say, told);
    await rest(intervalSeconds * 1000, stop);
  }
  if (!phone.isEnrolled) say.that("phone", `is not managed any more: ${phone.endedBy}`);
  return phone.isEnrolled;
}

async function opened(url: URL): Promise<Response> {
  const answer = await fetch(url, { headers: { "User-Agent": safari }, signal: AbortSignal.timeout(30_000) });
  if (!answer.ok)
    throw new Trouble(`${url} answered ${answer.status}: the link is used up, revoked or expired`);
  return answer;
}

const safari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";

async function connect(phone: AppleDevice, say: Narrator, told: Set<string>): Promise<void> {
  await phone.converse();
  for (const { identifier, uuid, displayName, payloads } of phone.profiles.values()) {
    if (told.has(uuid)) continue;
    told.add(uuid);
    say.that("phone", `installs the profile ${displayName ?? identifier}`);
    for (const payload of payloads)
      if (payload.get("PayloadType") === "com.apple.wifi.managed")
        say.that("phone", `joins the Wi-Fi ${String(payload.get("SSID_STR"))}`);
  }
}

const rest = (ms: number, stop: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
