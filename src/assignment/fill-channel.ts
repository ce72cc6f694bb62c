import type { AssetFileRow } from "../db/asset-files.ts";
import type { DeclarationRow } from "../db/declarations.ts";
import type { LibraryRows } from "../db/desired-state.ts";
import type { ProfileEntry } from "../db/profiles.ts";
import type { UseCertificate } from "../db/use-certificates.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { type ConnectivityPart, connectivityOf } from "../profiles/connectivity.ts";
import { filesFor } from "./filled-file.ts";
import { type RenderedDeclaration, type RenderPlace, renderDeclaration } from "./render-declaration.ts";
import { digestsOf } from "./render-profile.ts";
import { type UsePlace, useDocumentsFor } from "./use-documents.ts";
import type { Wanted } from "./wanted.ts";

/** The profiles and declarations of a channel, filled in for it. */
export type Filled = {
  declarations: RenderedDeclaration[];
  profiles: WantedProfile[];
  /** What cannot be delivered to this channel at present. */
  withheld: Withheld[];
};

/** A profile without its content, which is read when it is sent. */
export type WantedProfile = {
  identifier: string;
  version: number;
  /** It differs if this channel would get different content. */
  digest: string;
  /** What in it the device needs to reach the server. */
  connectivity: readonly ConnectivityPart[];
};

export type Withheld = {
  /** A name is withheld for the set that it comes from. */
  kind: "profile" | "declaration" | "name";
  identifier: string;
  /** Variables without a value here, or items that are not in the library. */
  missing: string[];
  /** Why this enrollment may not have it, whatever values there are. */
  forbidden?: string;
  connectivity?: readonly ConnectivityPart[];
};

export type Uses = { place: UsePlace; newest: ReadonlyMap<string, UseCertificate> };

export type Library = {
  profiles: Map<string, ProfileEntry>;
  declarations: Map<string, DeclarationRow>;
  files: readonly AssetFileRow[];
  /** Declarations that this enrollment may not have, and why. */
  forbidden: ReadonlyMap<string, string>;
};

export const libraryOf = ({
  profiles,
  declarations,
  files,
}: Pick<LibraryRows, "profiles" | "declarations" | "files">): Omit<Library, "forbidden"> => ({
  files,
  profiles: new Map(profiles.map((row) => [row.identifier, row])),
  declarations: new Map(declarations.map((row) => [row.identifier, row])),
});

/** `wanted` names each item once. */
export async function fillChannel(
  env: Env,
  library: Library,
  wanted: readonly Wanted[],
  facts: VariableFacts,
  { userId, uses }: { userId: string; uses: Uses },
): Promise<Filled> {
  const filled: Filled = { declarations: [], profiles: [], withheld: [] };
  // An asset that nobody chose gets no certificate.
  const asking = wanted.flatMap(({ kind, identifier }) => {
    const row = kind === "declaration" ? library.declarations.get(identifier) : undefined;
    return row === undefined ? [] : [row];
  });
  const [digests, files, documents] = await Promise.all([
    digestsOf([...library.profiles.values()], facts),
    filesFor(env, library.files, facts),
    useDocumentsFor(env, asking, uses.place, userId, facts, uses.newest, Date.now()),
  ]);
  const { deviceId, origin } = uses.place;
  const place: RenderPlace = {
    origin,
    deviceId,
    file: (sha256) => files.get(sha256),
    useDocument: (identifier) => documents.get(identifier),
    profileDigest: (identifier) => digests.get(identifier),
  };
  for (const { kind, identifier } of wanted) {
    if (kind === "app") continue;
    const trouble = (missing: string[], connectivity?: readonly ConnectivityPart[]) =>
      filled.withheld.push({ kind, identifier, missing, ...(connectivity && { connectivity }) });
    if (kind === "profile") {
      const [row, digest] = [library.profiles.get(identifier), digests.get(identifier)];
      // It was just deleted or is being restored: both request another reconcile of this device.
      if (row === undefined || digest === undefined) continue;
      const connectivity = connectivityOf(row.payloadTypes);
      if (digest.ok)
        filled.profiles.push({ identifier, version: row.version, digest: digest.value, connectivity });
      else trouble(digest.refusal.missing, connectivity);
    } else {
      const row = library.declarations.get(identifier);
      const forbidden = library.forbidden.get(identifier);
      if (forbidden !== undefined) {
        filled.withheld.push({ kind, identifier, missing: [], forbidden });
        continue;
      }
      const rendered = row && (await renderDeclaration(row, facts, place));
      if (rendered?.ok) filled.declarations.push(rendered.value);
      else if (rendered) trouble(rendered.refusal.missing);
    }
  }
  return filled;
}
