import { ok, type Result, refuse } from "../base/result.ts";
import { type DeclarationKind, writeDeclaration } from "../declarations/declaration.ts";
import type { RenderedDeclaration } from "../declarations/rendered.ts";
import {
  certificateUse,
  type Payload,
  wantsFile,
  withFile,
  withProfile,
  wrappedProfile,
} from "../declarations/server-filled.ts";
import { serverToken } from "../declarations/server-token.ts";
import { fillVariables, type VariableFacts } from "../mdm/variables.ts";

export type { RenderedDeclaration };

/** The columns of the library's row that are needed here. */
export type LibraryDeclaration = {
  kind: DeclarationKind;
  identifier: string;
  type: string;
  payload: Record<string, unknown>;
  touches: number;
  dataSha256: string | null;
};

export type RenderPlace = {
  /** Without a slash at the end. */
  origin: string;
  deviceId: string;
  /** The uploaded file with that hash, as this channel gets it. */
  file(sha256: string): Result<{ sha256: string; contentType: string; size: number }, Missing> | undefined;
  /** The document that an asset asks for a certificate with. */
  useDocument(
    identifier: string,
  ): Result<{ sha256: string; contentType: string; size: number }, Missing> | undefined;
  /** The hash of the bytes that this device would get. A refusal names missing variables; undefined: no such profile. */
  profileDigest(identifier: string): Result<string, Missing> | undefined;
};

/** Names of variables, `profile:…` for a profile that is not in the library, `data` for an asset without data. */
export type Missing = { missing: string[] };

/**
 * Fills in the values of one device. The server token depends on the result and on the bytes behind its addresses, so it
 * changes exactly when this device would see a difference.
 */
export async function renderDeclaration(
  declaration: LibraryDeclaration,
  facts: VariableFacts,
  place: RenderPlace,
): Promise<Result<RenderedDeclaration, Missing>> {
  const { kind, identifier, type, touches } = declaration;
  const filled = fill(declaration, facts);
  const served = serve(declaration, filled.ok ? filled.value : {}, place);
  if (!filled.ok || !served.ok) {
    return refuse({ missing: [filled, served].flatMap((part) => (part.ok ? [] : part.refusal.missing)) });
  }
  const { payload, files } = served.value;
  const token = await serverToken({ type, identifier, payload, touches, data: files });
  const body = writeDeclaration({ Type: type, Identifier: identifier, ServerToken: token, Payload: payload });
  return ok({ kind, identifier, type, serverToken: token, body, files });
}

/** Escapes a value in a predicate's quotes, so that its text cannot change the predicate. */
function fill({ kind, payload }: LibraryDeclaration, facts: VariableFacts): Result<Payload, Missing> {
  const { Predicate, ...rest } = payload as Payload;
  if (kind !== "activation" || typeof Predicate !== "string") return fillVariables(payload as Payload, facts);
  const [others, predicate] = [fillVariables(rest, facts), fillVariables(Predicate, quoted(facts))];
  if (others.ok && predicate.ok) return ok({ ...others.value, Predicate: predicate.value });
  return refuse({ missing: [others, predicate].flatMap((part) => (part.ok ? [] : part.refusal.missing)) });
}

function quoted<Facts>(facts: Facts): Facts {
  const text = JSON.stringify(facts, (_key, value) =>
    typeof value === "string" ? value.replace(/[\\'"]/g, "\\$&") : value,
  );
  return JSON.parse(text) as Facts;
}

type Served = { payload: Payload; files: string[] };

function serve(
  { kind, identifier, type, payload: given, dataSha256 }: LibraryDeclaration,
  filled: Payload,
  place: RenderPlace,
): Result<Served, Missing> {
  const wrapped = wrappedProfile(type, given as Payload);
  if (wrapped !== undefined) {
    const digest = place.profileDigest(wrapped) ?? refuse({ missing: [`profile:${wrapped}`] });
    if (!digest.ok) return digest;
    return ok({ payload: withProfile(filled, addressOf(digest.value, place)), files: [digest.value] });
  }
  if (!wantsFile(kind, type, given as Payload)) return ok({ payload: filled, files: [] });
  const isUse = certificateUse(type, given as Payload) !== undefined;
  const uploaded = dataSha256 === null ? undefined : place.file(dataSha256);
  const file = isUse ? place.useDocument(identifier) : uploaded;
  if (file === undefined) return refuse({ missing: ["data"] });
  if (!file.ok) return file;
  const { sha256 } = file.value;
  return ok({ payload: withFile(filled, { ...file.value, url: addressOf(sha256, place) }), files: [sha256] });
}

const addressOf = (sha256: string, { origin, deviceId }: RenderPlace): string =>
  `${origin}/mdm/data/${encodeURIComponent(deviceId)}/${sha256}`;
