import { sha256, toHex, utf8 } from "../base/bytes.ts";
import { day, hour } from "../base/time.ts";
import type { SealKeys } from "../pki/seal.ts";
import { fileLinkContext, manifestLinkContext } from "../pki/seal-contexts.ts";
import { isSignedLink, linkSignature } from "../pki/signed-link.ts";

/**
 * The links that devices follow to a package: first to its manifest, then to its file. An installer proves no identity,
 * so a link is what lets it in: it is signed, it ends, and it is bound to one device.
 *
 * Checked at a manifest: the signature, the end, and that the device is enrolled. At a file: the signature and the end,
 * which costs nothing. Neither can see who follows the link: until it ends, anybody who has it can fetch what it leads to.
 *
 * The surprise: an address stays the same for weeks. A device takes a declaration with another address for another app,
 * and a command may wait as long for a device that sleeps.
 */
const manifestPeriod = 90 * day;
/** A device begins to fetch a file soon after its manifest, and may resume for a day or two. */
const filePeriod = day;
export const longestFileLink = 2 * filePeriod + hour;

export type LinkRefusal = { reason: "bad-link" | "link-ended"; detail: string };

export async function manifestLink(
  keys: SealKeys,
  { name, device, now }: { name: string; device: string; now: number },
): Promise<string> {
  const endsAt = await endOf(manifestPeriod, `${name} ${device}`, now);
  const signature = await linkSignature(keys, manifestLinkContext(name, device, endsAt));
  return `/packages/manifests/${segments(name, device, endsAt, signature)}/manifest.plist`;
}

export async function fileLink(
  keys: SealKeys,
  { file, fileName, device, now }: { file: string; fileName: string; device: string; now: number },
): Promise<string> {
  const endsAt = await endOf(filePeriod, `${file} ${device}`, now);
  const signature = await linkSignature(keys, fileLinkContext(file, device, endsAt));
  return `/packages/files/${segments(file, device, endsAt, signature, fileName)}`;
}

type Presented = { device: string; endsAt: string; signature: string };

export const checkManifestLink = (
  keys: SealKeys,
  link: Presented & { name: string },
  now: number,
): Promise<LinkRefusal | undefined> =>
  checkLink(keys, manifestLinkContext(link.name, link.device, link.endsAt), link, now);

export const checkFileLink = (
  keys: SealKeys,
  link: Presented & { file: string },
  now: number,
): Promise<LinkRefusal | undefined> =>
  checkLink(keys, fileLinkContext(link.file, link.device, link.endsAt), link, now);

async function checkLink(
  keys: SealKeys,
  context: Parameters<typeof isSignedLink>[1],
  { endsAt, signature }: Presented,
  now: number,
): Promise<LinkRefusal | undefined> {
  if (!(await isSignedLink(keys, context, signature)))
    return { reason: "bad-link", detail: "the link was not made by this server, or not completely copied" };
  if (Number.parseInt(endsAt, 36) * 1000 > now) return undefined;
  return {
    reason: "link-ended",
    detail: "the link has ended; the device gets another with its next install",
  };
}

/**
 * One to two periods from now, in whole seconds, base 36. Each link has its own beginning of a period: the links of a
 * fleet do not change all at once.
 */
async function endOf(period: number, whose: string, now: number): Promise<string> {
  const digest = toHex(await sha256(utf8(whose)));
  const length = period / 1000;
  const shift = Number.parseInt(digest.slice(0, 8), 16) % length;
  const seconds = Math.floor(now / 1000);
  const begun = seconds - ((seconds - shift) % length);
  return (begun + 2 * length).toString(36);
}

const segments = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join("/");
