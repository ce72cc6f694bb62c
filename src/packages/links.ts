import { sha256, toHex, utf8 } from "../base/bytes.ts";
import { day, hour } from "../base/time.ts";
import { readEnv } from "../env.ts";
import { masterKeys } from "../pki/master.ts";
import { fileLinkContext, manifestLinkContext } from "../pki/seal-contexts.ts";
import { isSignedLink, linkSignature } from "../pki/signed-link.ts";

/**
 * The links that devices follow to a package: first to its manifest, then to its file. An installer proves no identity,
 * so a link is what lets it in: it is signed, it ends, and it is bound to one device.
 *
 * Checked at a manifest: the signature, the end, and that the device is enrolled. At a file: the signature and the end,
 * which costs nothing. Neither can see who follows the link: until it ends, whoever has it can fetch what it leads to.
 *
 * The surprise: an address stays the same for weeks. A device takes a declaration with another address for another app,
 * and a command may wait as long for a device that sleeps.
 */
const manifestPeriod = 90 * day;
const filePeriod = day;
/** A device begins to fetch a file soon after its manifest, and may resume for a day or two. */
export const longestFileLink = 2 * filePeriod + hour;

export type LinkRefusal = { reason: "bad-link" | "link-ended"; detail: string };

type ManifestLink = { package: string; device: string; now: number; origin?: string };

/**
 * Where a device fetches the manifest of this package. Valid for 90 days at least, and the same for up to 90: make it
 * again now and then for what stays, such as a declaration. The device is asked about at the manifest, not here.
 *
 * `origin`: the address by which the device knows the server, else PUBLIC_URL. Throws NoPublicAddress if there is neither.
 */
export async function manifestAddress(env: Env, link: ManifestLink): Promise<string> {
  const { package: name, device, now } = link;
  const endsAt = await endOf(manifestPeriod, `${name} ${device}`, now);
  const signature = await linkSignature(await masterKeys(env), manifestLinkContext(name, device, endsAt));
  return `${addressOf(env, link.origin)}/packages/manifests/${segments(name, device, endsAt, signature)}/manifest.plist`;
}

type FileLink = { file: string; fileName: string; device: string; now: number; origin?: string };

export async function fileAddress(env: Env, link: FileLink): Promise<string> {
  const { file, device, now } = link;
  const endsAt = await endOf(filePeriod, `${file} ${device}`, now);
  const signature = await linkSignature(await masterKeys(env), fileLinkContext(file, device, endsAt));
  return `${addressOf(env, link.origin)}/packages/files/${segments(file, device, endsAt, signature, link.fileName)}`;
}

type Presented = { device: string; endsAt: string; signature: string };

export const checkManifestLink = (
  env: Env,
  link: Presented & { name: string },
  now: number,
): Promise<LinkRefusal | undefined> =>
  checkLink(env, manifestLinkContext(link.name, link.device, link.endsAt), link, now);

export const checkFileLink = (
  env: Env,
  link: Presented & { file: string },
  now: number,
): Promise<LinkRefusal | undefined> =>
  checkLink(env, fileLinkContext(link.file, link.device, link.endsAt), link, now);

async function checkLink(
  env: Env,
  context: Parameters<typeof isSignedLink>[1],
  { endsAt, signature }: Presented,
  now: number,
): Promise<LinkRefusal | undefined> {
  if (!(await isSignedLink(await masterKeys(env), context, signature)))
    return { reason: "bad-link", detail: "the link was not made by this server, or not completely copied" };
  // In seconds, base 36.
  if (Number.parseInt(endsAt, 36) * 1000 <= now)
    return {
      reason: "link-ended",
      detail: "the link has ended; the device gets another with its next install",
    };
  return undefined;
}

export class NoPublicAddress extends Error {
  override name = "NoPublicAddress";
  constructor() {
    super("PUBLIC_URL must be set before devices can be sent to packages");
  }
}

function addressOf(env: Env, origin: string | undefined): string {
  if (origin) return origin;
  const configuration = readEnv(env);
  const address = configuration.ok ? configuration.value.publicUrl : undefined;
  if (!address) throw new NoPublicAddress();
  return address;
}

/**
 * One to two periods from now, in whole seconds, base 36. Each link has its own beginning of a period: the links of a
 * fleet do not change all at once.
 */
async function endOf(period: number, whose: string, now: number): Promise<string> {
  const digest = toHex(await sha256(utf8(whose)));
  const shift = Number.parseInt(digest.slice(0, 8), 16) % (period / 1000);
  const [seconds, length] = [Math.floor(now / 1000), period / 1000];
  const begun = seconds - ((seconds - shift) % length);
  return (begun + 2 * length).toString(36);
}

const segments = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join("/");
