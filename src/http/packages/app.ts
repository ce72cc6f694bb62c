import { type Context, Hono } from "hono";
import { openDb } from "../../db/open.ts";
import { findPresentFile } from "../../db/packages.ts";
import { keyOf, withBucket } from "../../packages/bucket.ts";
import { checkFileLink, checkManifestLink, type LinkRefusal } from "../../packages/link-addresses.ts";
import { manifestOf } from "../../packages/manifest.ts";
import { masterKeys } from "../../pki/master.ts";
import type { AppEnv } from "../app-env.ts";
import { faultProblem, noSuchRoute } from "../fault.ts";
import { publicOrigin } from "../origin.ts";
import { isOverLimit, retryAfter } from "../rate-limit.ts";
import { noteDevice, noteRoute } from "../trace.ts";
import { counted, isFull } from "./downloads.ts";
import { wantedOf } from "./range.ts";

/**
 * What a device's installer fetches: a manifest, then the file that it names. The links let it in (`packages/link-addresses.ts`).
 *
 * The surprise: never 401, which an installer might take for a page to log in at, and a device for its end.
 */
export const packageFiles = new Hono<AppEnv>();

packageFiles.use(async (c, next) => {
  noteRoute(c);
  await next();
  c.res.headers.set("X-Content-Type-Options", "nosniff");
});

packageFiles.get("/packages/manifests/:name/:device/:end/:signature/manifest.plist", async (c) => {
  const { name, device, end, signature } = c.req.param();
  const keys = await masterKeys(c.env);
  const refused = await checkManifestLink(keys, { name, device, endsAt: end, signature }, Date.now());
  if (refused) return refuseLink(c, refused);
  noteDevice(c, device);
  const [survey, file] = await Promise.all([
    // The directory may lag behind: a device installs in its first minute.
    c.env.DEVICE.getByName(device).survey(),
    findPresentFile(openDb(c.env.DB), name),
  ]);
  if (survey?.state !== "enrolled") return c.text("this device is not enrolled\n", 403, privately);
  if (file === undefined) return c.text("this package is not here any more\n", 404, privately);
  const manifest = await manifestOf(c.env, file, { device, origin: publicOrigin(c), now: Date.now() });
  return c.body(manifest, 200, { ...privately, "Content-Type": "application/xml" });
});

packageFiles.get("/packages/files/:file/:device/:end/:signature/:name", async (c) => {
  const { file, device, end, signature } = c.req.param();
  const keys = await masterKeys(c.env);
  const refused = await checkFileLink(keys, { file, device, endsAt: end, signature }, Date.now());
  if (refused) return refuseLink(c, refused);
  noteDevice(c, device);
  const bucket = c.env.PACKAGES;
  const object = await withBucket(async () => bucket?.head(keyOf(file)));
  if (bucket === undefined || !object) return gone(c);
  const { size, httpEtag: etag } = object;
  const wanted = wantedOf(c.req.raw.headers, { size, etag });
  const headers = {
    ...privately,
    ETag: etag,
    "Accept-Ranges": "bytes",
    "Content-Type": "application/octet-stream",
  };
  switch (wanted.status) {
    case 304:
    case 412:
      return c.body(null, wanted.status, headers);
    case 416:
      return c.body(null, 416, { ...headers, "Content-Range": `bytes */${size}` });
  }
  const range = wanted.status === 206 ? wanted : { offset: 0, length: size };
  const { offset, length } = range;
  const told = {
    ...headers,
    "Content-Length": String(length),
    ...(wanted.status === 206 && { "Content-Range": `bytes ${offset}-${offset + length - 1}/${size}` }),
  };
  if (c.req.method === "HEAD") return c.body(null, wanted.status, told);
  if (isFull()) return c.text("too many downloads at once: try again in a minute\n", 503, retryAfter);
  const content = await withBucket(() => bucket.get(keyOf(file), { range: { offset, length } }));
  if (content === null) return gone(c);
  const { body, done } = counted(content.body, length);
  c.executionCtx.waitUntil(done);
  return c.body(body, wanted.status, told);
});

packageFiles.notFound(noSuchRoute(packageFiles));
packageFiles.onError(faultProblem);

/** A link is for one device: nothing between may keep what it leads to. */
const privately = { "Cache-Control": "private, no-store" };

const gone = (c: Context): Response => c.text("this file is not here any more\n", 404, privately);

/** Only who has no link of ours is counted: a whole school may fetch from one address. */
async function refuseLink(c: Context<AppEnv>, { reason, detail }: LinkRefusal): Promise<Response> {
  if (reason === "link-ended") return c.text(`${detail}\n`, 410, privately);
  if (await isOverLimit(c.env.ENROLL_LIMIT, c))
    return c.text("too many requests from this address: wait a minute\n", 429, retryAfter);
  return c.text(`${detail}\n`, 403, privately);
}
