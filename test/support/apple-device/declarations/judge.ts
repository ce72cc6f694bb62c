/**
 * What a device makes of the declarations that it has (declarative-management, sections 5 to 8): which activations hold,
 * which configurations are in force, and the reasons where one is not.
 */
import { createHash } from "node:crypto";
import type { Declaration } from "../declarations.ts";
import type { Answer } from "../line.ts";
import { holds, type Lookup, UnableToParse } from "./predicate.ts";

export type Verdict = {
  identifier: string;
  "server-token": string;
  active: boolean;
  valid: "unknown" | "invalid" | "valid";
  reasons?: { code: string; description?: string; details?: Record<string, unknown> }[];
};

export type Download = (url: string) => Promise<Answer>;
type Kept = ReadonlyMap<string, Declaration>;

export const kindOf = ({ Type }: Declaration): string => Type.split(".")[2] ?? "";

export type Verdicts = Record<"activations" | "assets" | "configurations" | "management", Verdict[]>;

type Types = Readonly<Record<string, readonly string[]>>;

export async function judge(kept: Kept, lookup: Lookup, download: Download, types: Types): Promise<Verdicts> {
  const of = (kind: string) => [...kept.values()].filter((declaration) => kindOf(declaration) === kind);
  const activations = of("activation").map((declaration) => judgeActivation(declaration, kept, lookup));
  const active = new Set(
    of("activation")
      .filter((_, at) => activations[at]?.active)
      .flatMap((declaration) => configurationsOf(declaration)),
  );
  const named = new Set(of("activation").flatMap((declaration) => configurationsOf(declaration)));
  const assets = new Map<string, Verdict>();
  for (const asset of of("asset")) assets.set(asset.Identifier, await judgeAsset(asset, download));
  const configurations: Verdict[] = [];
  const used = new Set<string>();
  for (const configuration of of("configuration")) {
    const { Identifier } = configuration;
    const verdict = await judgeConfiguration(configuration, assets, download, types);
    if (active.has(Identifier)) for (const asset of assetsOf(configuration)) used.add(asset);
    configurations.push(active.has(Identifier) ? verdict : idle(verdict, named.has(Identifier)));
  }
  return {
    activations,
    configurations,
    assets: [...assets.values()].map((verdict) =>
      used.has(verdict.identifier)
        ? verdict
        : {
            ...verdict,
            active: false,
            reasons: [{ code: "Info.NotReferencedByConfiguration" }, ...(verdict.reasons ?? [])],
          },
    ),
    management: of("management").map((declaration) => ({ ...fine(declaration), active: false })),
  };
}

const fine = ({ Identifier, ServerToken }: Declaration): Verdict => ({
  identifier: Identifier,
  "server-token": ServerToken,
  active: true,
  valid: "valid",
});

const bad = (
  declaration: Declaration,
  code: string,
  details: Record<string, unknown> = {},
  active = false,
): Verdict => ({
  ...fine(declaration),
  active,
  valid: "invalid",
  reasons: [{ code, description: `${declaration.Identifier}: ${code}`, details }],
});

const idle = (verdict: Verdict, isNamed: boolean): Verdict =>
  verdict.valid === "invalid"
    ? { ...verdict, active: false }
    : {
        ...verdict,
        active: false,
        reasons: isNamed ? [] : [{ code: "Info.NotReferencedByActivation" }],
      };

const configurationsOf = ({ Payload }: Declaration): string[] =>
  Array.isArray(Payload.StandardConfigurations) ? Payload.StandardConfigurations.map(String) : [];

function judgeActivation(declaration: Declaration, kept: Kept, lookup: Lookup): Verdict {
  const missing = configurationsOf(declaration).filter((identifier) => !kept.has(identifier));
  if (missing.length > 0)
    return bad(declaration, "Error.MissingConfigurations", { ConfigurationIdentifiers: missing });
  const predicate = declaration.Payload.Predicate;
  try {
    if (holds(typeof predicate === "string" ? predicate : undefined, lookup)) return fine(declaration);
    return { ...fine(declaration), active: false, reasons: [{ code: "Info.Predicate" }] };
  } catch (fault) {
    const code =
      fault instanceof UnableToParse ? "Error.UnableToParsePredicate" : "Error.UnableToEvaluatePredicate";
    return bad(declaration, code, { Predicate: predicate });
  }
}

const assetsOf = ({ Payload }: Declaration): string[] =>
  Object.entries(Payload)
    .filter(([key, value]) => key.endsWith("AssetReference") && typeof value === "string")
    .map(([, value]) => String(value));

async function judgeConfiguration(
  declaration: Declaration,
  assets: ReadonlyMap<string, Verdict>,
  download: Download,
  types: Types,
): Promise<Verdict> {
  const keys = Object.hasOwn(types, declaration.Type) ? types[declaration.Type] : undefined;
  if (!keys) return bad(declaration, "Error.ConfigurationNotSupported");
  const unknown = Object.keys(declaration.Payload).filter((key) => !keys.includes(key));
  if (unknown.length > 0)
    return bad(declaration, "Error.UnknownPayloadKeys", { UnknownPayloadKeys: unknown });
  const missing = assetsOf(declaration).filter((identifier) => assets.get(identifier)?.valid !== "valid");
  if (missing.length > 0) return bad(declaration, "Error.MissingAssets", { AssetIdentifiers: missing });
  if (declaration.Payload.ReturnStatus === "Failed")
    return bad(declaration, "Error.ConfigurationCannotBeApplied", { Error: "it was told to fail" }, true);
  const { ProfileURL } = declaration.Payload;
  if (typeof ProfileURL === "string") {
    const answer = await download(ProfileURL);
    if (answer.status !== 200 || answer.headers.get("content-type") !== "application/x-apple-aspen-config")
      return bad(
        declaration,
        "Error.ConfigurationCannotBeApplied",
        { Error: `it got ${answer.status}` },
        true,
      );
  }
  return fine(declaration);
}

type Reference = { DataURL?: unknown; ContentType?: unknown; Size?: unknown; "Hash-SHA-256"?: unknown };

/** What does not match its reference in type, size or hash is of no use. */
async function judgeAsset(declaration: Declaration, download: Download): Promise<Verdict> {
  const reference = declaration.Payload.Reference as Reference | undefined;
  if (typeof reference?.DataURL !== "string") return fine(declaration);
  const answer = await download(reference.DataURL);
  if (answer.status !== 200)
    return bad(declaration, "Error.AssetCannotBeDownloaded", { Error: `it got ${answer.status}` });
  const { ContentType, Size, "Hash-SHA-256": hash } = reference;
  const isSame =
    (ContentType === undefined || answer.headers.get("content-type") === ContentType) &&
    (Size === undefined || answer.body.length === Size) &&
    (hash === undefined || createHash("sha256").update(answer.body).digest("hex") === hash);
  return isSame ? fine(declaration) : bad(declaration, "Error.AssetCannotBeVerified");
}
