import type { Bytes } from "../base/bytes.ts";
import type { PackageFileRow } from "../db/packages.ts";
import { buildManifest } from "../package-files/manifest.ts";
import { fileAddress } from "./links.ts";

/** The manifest of a file, for one device: the address in it is that device's own. */
export async function manifestOf(
  env: Env,
  file: PackageFileRow,
  { device, origin, now }: { device: string; origin: string; now: number },
): Promise<Bytes> {
  const fileName = `${file.packageName}.${file.kind}`;
  const { identifier, version, title, size, hashes } = file;
  return buildManifest({
    url: await fileAddress(env, { file: file.id, fileName, device, now, origin }),
    ...{ identifier, version, title, hashes },
    sizeBytes: size,
  });
}
