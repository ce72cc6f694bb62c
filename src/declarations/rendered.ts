import { type DeclarationKind, kindOfType, writeDeclaration } from "./declaration.ts";
import type { Payload } from "./server-filled.ts";
import { serverToken } from "./server-token.ts";

/** A declaration for one channel, with everything filled in. */
export type RenderedDeclaration = {
  kind: DeclarationKind;
  identifier: string;
  type: string;
  serverToken: string;
  /** The answer to `declaration/…`, byte for byte. */
  body: string;
  /** SHA-256 of the data at its addresses, which the device may fetch. */
  files: readonly string[];
};

/** One of the server's own declarations, without anything to fill in. */
export async function renderPlain(
  type: string,
  identifier: string,
  payload: Payload,
  {
    touches = 0,
    files = [],
    content,
  }: { touches?: number; files?: readonly string[]; content?: string | undefined } = {},
): Promise<RenderedDeclaration> {
  const kind = kindOfType(type);
  if (kind === undefined) throw new Error(`${type} has no kind`);
  const data = content === undefined ? files : [...files, content];
  const token = await serverToken({ type, identifier, payload, touches, data });
  const body = writeDeclaration({ Type: type, Identifier: identifier, ServerToken: token, Payload: payload });
  return { kind, identifier, type, serverToken: token, body, files };
}
