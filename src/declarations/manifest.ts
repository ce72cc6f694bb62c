// The two documents that a device compares: the tokens response and the declaration items.
// https://developer.apple.com/documentation/devicemanagement/declarationitemsresponse
// Both come from one list, so that the token always belongs to exactly these items.
import { sha256, toHex, utf8 } from "../base/bytes.ts";
import { type DeclarationKind, declarationKinds } from "./declaration.ts";

export type ManifestItem = {
  kind: DeclarationKind;
  identifier: string;
  serverToken: string;
};

export type Manifest = {
  /** Answers `declaration-items`. */
  json: string;
  token: string;
};

const arrayOfKind = {
  activation: "Activations",
  asset: "Assets",
  configuration: "Configurations",
  management: "Management",
} as const satisfies Record<DeclarationKind, string>;

/** The same items in any order give the same bytes: otherwise tokens would change and devices would fetch for nothing. */
export async function buildManifest(items: readonly ManifestItem[]): Promise<Manifest> {
  const byKind = Object.fromEntries(declarationKinds.map((kind) => [arrayOfKind[kind], ofKind(items, kind)]));
  const token = toHex(await sha256(utf8(JSON.stringify(byKind))));
  return { json: JSON.stringify({ Declarations: byKind, DeclarationsToken: token }), token };
}

/** Answers `tokens`, and is the `Data` of the command. The time may move only when the token does. */
export function buildTokensResponse(token: string, createdAt: number): string {
  const Timestamp = `${new Date(createdAt).toISOString().slice(0, 19)}Z`;
  return JSON.stringify({ SyncTokens: { DeclarationsToken: token, Timestamp } });
}

function ofKind(items: readonly ManifestItem[], kind: DeclarationKind) {
  return items
    .filter((item) => item.kind === kind)
    .sort((a, b) => (a.identifier < b.identifier ? -1 : a.identifier > b.identifier ? 1 : 0))
    .map((item) => ({ Identifier: item.identifier, ServerToken: item.serverToken }));
}
