import * as v from "valibot";
import type { PackageUploadRow } from "../../../db/package-uploads.ts";
import type { Package } from "../../../db/packages.ts";
import { chunksIn } from "../../../packages/chunks.ts";
import { isoTime, Time, TimeOrNull } from "../route/times.ts";

/** Packages as the API writes them. */
export const packageName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    "must be 1 to 100 letters, digits, dots, hyphens and underscores, and begin with a letter or a digit",
  ),
);

export const sha256Text = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in 64 lower-case hex digits"),
);

const Versioned = v.object({ identifier: v.string(), version: v.string() });

const Signer = v.object({
  common_name: v.string(),
  team_id: v.nullable(v.string()),
  developer_id: v.pipe(
    v.boolean(),
    v.description("Whether the certificate is called Developer ID Installer; whose it is, a Mac decides"),
  ),
  expires_at: Time,
  chain: v.pipe(v.array(v.string()), v.description("The names of the certificates in the file")),
});

const Provisioning = v.object({
  name: v.string(),
  distribution: v.pipe(
    v.picklist(["enterprise", "ad-hoc"]),
    v.description("enterprise: for every device; ad-hoc: for those that the profile lists"),
  ),
  expires_at: v.pipe(Time, v.description("The app does not start after this")),
});

export const PackageJson = v.pipe(
  v.object({
    name: v.string(),
    kind: v.picklist(["pkg", "ipa"]),
    identifier: v.pipe(v.string(), v.description("The bundle identifier in the manifest")),
    version: v.pipe(v.string(), v.description("The bundle version in the manifest")),
    short_version: v.pipe(v.nullable(v.string()), v.description("What people see, of an app")),
    title: v.string(),
    size: v.number(),
    content_hash: v.pipe(
      v.string(),
      v.description("The SHA-256 of the SHA-256 of each chunk: the same content has the same"),
    ),
    sha256: v.pipe(
      v.nullable(v.string()),
      v.description("Of the whole file; null where the upload did not declare it"),
    ),
    minimum_os_version: v.nullable(v.string()),
    platforms: v.array(v.string()),
    packages: v.pipe(v.array(Versioned), v.description("What the installer installs, of a .pkg")),
    bundles: v.pipe(v.array(Versioned), v.description("The apps in them")),
    signer: v.nullable(Signer),
    provisioning: v.nullable(Provisioning),
    created_at: Time,
    updated_at: Time,
    updated_by: v.string(),
  }),
  v.title("Package"),
);

export const SavedPackage = v.pipe(
  v.object({ ...PackageJson.entries, outcome: v.picklist(["created", "replaced", "unchanged"]) }),
  v.title("SavedPackage"),
);

export function presentPackage({ row, file }: Package): v.InferInput<typeof PackageJson> {
  const { facts } = file;
  const [pkg, ipa] = [facts.kind === "pkg" ? facts : undefined, facts.kind === "ipa" ? facts : undefined];
  return {
    name: row.name,
    kind: file.kind,
    identifier: file.identifier,
    version: file.version,
    short_version: ipa?.shortVersion ?? null,
    title: file.title,
    size: file.size,
    content_hash: file.contentHash,
    sha256: file.sha256,
    minimum_os_version: facts.minimumOsVersion,
    platforms: ipa?.platforms ?? ["macOS"],
    packages: pkg?.packages ?? [],
    bundles: pkg?.bundles ?? [],
    signer: pkg
      ? {
          common_name: pkg.signer.commonName,
          team_id: pkg.signer.teamId,
          developer_id: pkg.signer.isDeveloperId,
          expires_at: isoTime(pkg.signer.expiresAt),
          chain: pkg.signer.chain,
        }
      : null,
    provisioning: ipa?.provisioning
      ? {
          name: ipa.provisioning.name,
          distribution: ipa.provisioning.distribution,
          expires_at: isoTime(ipa.provisioning.expiresAt),
        }
      : null,
    created_at: isoTime(row.createdAt),
    updated_at: isoTime(row.updatedAt),
    updated_by: row.updatedBy,
  };
}

export const NewUpload = v.pipe(
  v.strictObject({
    kind: v.picklist(["pkg", "ipa"]),
    size: v.pipe(v.number(), v.integer(), v.minValue(1), v.description("Of the file, in bytes")),
    sha256: v.pipe(
      v.optional(v.nullable(sha256Text), null),
      v.description(
        "Of the whole file: compared when the upload is completed, which reads the file once more. Without it, each part may still be sent with its own Content-Digest",
      ),
    ),
  }),
  v.title("NewPackageUpload"),
);

export const UploadJson = v.pipe(
  v.object({
    id: v.string(),
    kind: v.picklist(["pkg", "ipa"]),
    size: v.number(),
    part_bytes: v.pipe(v.number(), v.description("Of each part but the last")),
    parts: v.pipe(v.number(), v.description("How many there are; the first is 1")),
    sha256: v.nullable(v.string()),
    started_at: Time,
    started_by: v.string(),
    expires_at: v.pipe(TimeOrNull, v.description("When it is given up, unless a part arrives before")),
  }),
  v.title("PackageUpload"),
);

export const presentUpload = (row: PackageUploadRow): v.InferInput<typeof UploadJson> => ({
  id: row.id,
  kind: row.kind,
  size: row.size,
  part_bytes: row.chunkBytes,
  parts: chunksIn(row.size, row.chunkBytes),
  sha256: row.sha256,
  started_at: isoTime(row.startedAt),
  started_by: row.startedBy,
  expires_at: isoTime(row.expiresAt),
});

export const PartJson = v.pipe(
  v.object({ part: v.number(), md5: v.string(), sha256: v.string() }),
  v.title("PackagePart"),
);
