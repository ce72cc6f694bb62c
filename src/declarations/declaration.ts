// A declaration as Apple's schema frames it: four keys, of which the payload is the type's own.
// https://developer.apple.com/documentation/devicemanagement/declarationbase
// What a type's payload may hold is the catalogue's matter, not this file's.
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

/** The kind stands in the type: the third of its dotted words. */
export function kindOfType(type: string): DeclarationKind | undefined {
  const word = /^[^.]+\.[^.]+\.(?<kind>[a-z]+)\.[^.]/.exec(type)?.groups?.kind;
  return declarationKinds.find((kind) => kind === word);
}

/** A device writes the identifier into a path and back, so it must be text that survives that. */
export function isIdentifier(text: string): boolean {
  return (
    text !== "" &&
    !/\p{Cc}|\p{Cs}/u.test(text) &&
    new TextEncoder().encode(text).length <= maxIdentifierOctets
  );
}

/** The very bytes that a device fetches. */
export function writeDeclaration(declaration: Declaration): string {
  const { Type, Identifier, ServerToken, Payload } = declaration;
  return JSON.stringify({ Type, Identifier, ServerToken, Payload });
}
