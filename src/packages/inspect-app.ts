import type { Bytes } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import {
  isPartOfApp,
  mostInfoBytes,
  mostProfileBytes,
  partsOfApp,
  readAppInfo,
} from "../package-files/app-info.ts";
import type { AppFacts } from "../package-files/facts.ts";
import { type FileRefusal, refuseFile } from "../package-files/refusal.ts";
import {
  endAtMost,
  findZipEnd,
  localHeaderBytes,
  openZipData,
  readZipDirectory,
  type ZipEntry,
  zipDataOf,
} from "../package-files/zip.ts";
import { readProvisioningProfile } from "../profiles/provisioning-profile.ts";
import type { ReadRange } from "./bucket.ts";
import type { Inspected } from "./inspected.ts";

/** An `.ipa`: its Info.plist, and the provisioning profile in it, by four or five ranges. */
export async function inspectApp(
  read: ReadRange,
  fileBytes: number,
): Promise<Result<Inspected, FileRefusal>> {
  const tailBytes = Math.min(endAtMost, fileBytes);
  const tail = await read(fileBytes - tailBytes, tailBytes);
  const end = await findZipEnd(tail, fileBytes, read);
  if (!end.ok) return end;
  const { offset, length } = end.value.directory;
  const entries = readZipDirectory(await read(offset, length), end.value, isPartOfApp);
  if (!entries.ok) return entries;
  const parts = partsOfApp(entries.value);
  if (!parts.ok) return parts;
  const bytes = await openEntry(read, fileBytes, parts.value.info, mostInfoBytes);
  if (!bytes.ok) return bytes;
  const info = readAppInfo(bytes.value);
  if (!info.ok) return info;
  const provisioning = await readProvisioning(read, fileBytes, parts.value.profile);
  if (!provisioning.ok) return provisioning;
  const { identifier, version, title, shortVersion, minimumOsVersion, platforms } = info.value;
  const told = { shortVersion, minimumOsVersion, platforms, provisioning: provisioning.value };
  return ok({ identifier, version, title, facts: { kind: "ipa", ...told } });
}

async function openEntry(
  read: ReadRange,
  fileBytes: number,
  entry: ZipEntry,
  mostBytes: number,
): Promise<Result<Bytes, FileRefusal>> {
  if (entry.compressedBytes > mostBytes)
    return refuseFile("too-complex", `${entry.path} has more than ${mostBytes} bytes`);
  const data = zipDataOf(entry, await read(entry.offset, localHeaderBytes));
  if (!data.ok) return data;
  const { offset, length } = data.value;
  if (offset + length > fileBytes) return refuseFile("damaged", `${entry.path} is not in the file`);
  return openZipData(entry, await read(offset, length), mostBytes);
}

async function readProvisioning(
  read: ReadRange,
  fileBytes: number,
  entry: ZipEntry | undefined,
): Promise<Result<AppFacts["provisioning"], FileRefusal>> {
  if (entry === undefined) return ok(null);
  const bytes = await openEntry(read, fileBytes, entry, mostProfileBytes);
  if (!bytes.ok) return bytes;
  const profile = await readProvisioningProfile(bytes.value);
  if (!profile.ok) return refuseFile("damaged", profile.refusal.detail);
  const { name, expiresAt, devices } = profile.value;
  return ok({ name, expiresAt, distribution: devices === null ? "enterprise" : "ad-hoc" });
}
