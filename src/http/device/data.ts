import type { Context } from "hono";
import { findServedConfiguration } from "../../assignment/app-configuration.ts";
import { findServedProfile } from "../../assignment/deliver-profile.ts";
import { findServedFile } from "../../assignment/filled-file.ts";
import { findServedDocument } from "../../assignment/use-documents.ts";
import type { Bytes } from "../../base/bytes.ts";
import { strangersIdentity } from "../../device/client/stranger.ts";
import type { Entitled } from "../../device/desired/declarations/entitled.ts";
import type { Reply } from "../../device/reply.ts";
import { standingOf } from "../../enrollment/standing.ts";
import { readAssetFile } from "../../library/asset-files.ts";
import { isDeviceId } from "../../mdm/channel.ts";
import { identify } from "../../mdm/identify.ts";
import type { AppEnv } from "../app-env.ts";
import { configured } from "../health.ts";
import { publicOrigin } from "../origin.ts";
import { noteDevice } from "../trace.ts";
import { answer } from "./answer.ts";
import { deviceDoor } from "./door.ts";
import { askUntilSettled, presentedBy, refuseRequest } from "./signed-message.ts";

/**
 * The data that declarations refer to: the files of assets, and profiles of the library. A device proves its identity by
 * a signature over an empty body. It gets what its own declarations refer to; everything else is 404.
 *
 * The surprise: a download never ends an enrollment, even if an administrator has decided to end it.
 */
export const data = deviceDoor();

data.use(configured);

data.get("/mdm/data/:device/:sha256", async (c) => {
  const identity = await identify(presentedBy(c), nothing, c.var.configuration.proxySecret);
  if (!identity.ok) return refuseRequest(c, identity.refusal);
  if ((await standingOf(c.env, identity.value, Date.now())) === "stranger")
    return refuseRequest(c, strangersIdentity);
  const { device: deviceId, sha256 } = c.req.param();
  if (!isDeviceId(deviceId)) return refuseRequest(c, noSuchDevice);
  if (!/^[0-9a-f]{64}$/.test(sha256)) return refuseRequest(c, noSuchFile);
  noteDevice(c, deviceId);
  const channel = { deviceId, userId: undefined, kind: "device" } as const;
  const reply = await askUntilSettled<Reply | Entitled>(c.env, deviceId, identity.value, async (proven) =>
    c.env.DEVICE.getByName(deviceId).entitledTo({ channel, proven, raw: nothing }, sha256),
  );
  if (reply.kind === "refused") return refuseRequest(c, reply.refusal);
  if (reply.kind !== "entitled") return answer(c, reply);
  return (
    (await asFile(c, sha256)) ??
    (await asMade(c, deviceId, reply.declared, sha256)) ??
    refuseRequest(c, noSuchFile)
  );
});

const nothing = new Uint8Array();

const noSuchFile = {
  reason: "unknown-declaration",
  detail: "no declaration of this device refers to that file",
} as const;

const noSuchDevice = {
  reason: "bad-identifier",
  key: "device",
  detail: "no device can have the id in the address",
} as const;

/** The hash does not protect the content type of the bytes, so nobody may guess that or cache the answer. */
const privately = { "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff" };

async function asFile(c: Context<AppEnv>, sha256: string): Promise<Response | undefined> {
  const file = await readAssetFile(c.env, sha256);
  if (file === undefined) return undefined;
  const { contentType, size } = file.row;
  return c.body(file.body, 200, {
    ...privately,
    "Content-Type": contentType,
    "Content-Length": String(size),
  });
}

type Place = { deviceId: string; origin: string };

/** What is made for this device. */
async function asMade(
  c: Context<AppEnv>,
  deviceId: string,
  declared: Entitled["declared"],
  sha256: string,
): Promise<Response | undefined> {
  const now = Date.now();
  const makers: ((place: Place) => Promise<Made | undefined>)[] = [
    (place) => findServedFile(c.env, place, declared, sha256),
    (place) => findServedDocument(c.env, place, declared, sha256, now),
    (place) => findServedConfiguration(c.env, place, declared, sha256).then(as("application/xml")),
    (place) => findServedProfile(c.env, place, declared, sha256, now).then(as(profileType)),
  ];
  for (const make of makers) {
    for (const origin of originsOf(c)) {
      const made = await make({ deviceId, origin });
      if (made) return c.body(made.bytes, 200, { ...privately, "Content-Type": made.contentType });
    }
  }
  return undefined;
}

type Made = { bytes: Bytes; contentType: string };

const as =
  (contentType: string) =>
  (bytes: Bytes | undefined): Made | undefined =>
    bytes && { bytes, contentType };

const profileType = "application/x-apple-aspen-config";

/** The address of the server in what is filled in is the configured one, or the one that this device uses. */
const originsOf = (c: Context<AppEnv>): ReadonlySet<string> =>
  new Set([publicOrigin(c), new URL(c.req.url).origin]);
