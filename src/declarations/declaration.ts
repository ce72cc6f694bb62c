// A declaration in Apple's schema: four keys; the payload depends on the type.
// https://developer.apple.com/documentation/devicemanagement/declarationbase
// The catalogue has the schema of each payload.
import type { Json } from "./canonical-json.ts";

export const declarationKinds = ["activation", "asset", "configuration", "management"] as const;
export type DeclarationKind = (typeof declarationKinds)[number];

/** As a device receives it. */
export type Declaration = {
  Type: string;
  Identifier: string;
  ServerToken: string;
  Payload: Record<string, Json>;
};

/** Octets, not characters. */
export const maxIdentifierOctets = 64;

/** The kind is the third word of the type. */
export function kindOfType(type: string): DeclarationKind | undefined {
  const word = /^[^.]+\.[^.]+\.(?<kind>[a-z]+)\.[^.]/.exec(type)?.groups?.kind;
  return declarationKinds.find((kind) => kind === word);
}

/** A device writes the identifier into a path, so it must be a text that survives that. */
export function isIdentifier(text: string): boolean {
  return (
    text !== "" &&
    !/\p{Cc}|\p{Cs}/u.test(text) &&
    new TextEncoder().encode(text).length <= maxIdentifierOctets
  );
}

/** The exact bytes that a device fetches. */
export function writeDeclaration(declaration: Declaration): string {
  const { Type, Identifier, ServerToken, Payload } = declaration;
  return JSON.stringify({ Type, Identifier, ServerToken, Payload });
}
