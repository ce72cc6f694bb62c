import { type Declaration, kindOfType, writeDeclaration } from "../../src/declarations/declaration.ts";
import type { RenderedDeclaration } from "../../src/declarations/rendered.ts";
import { serverToken } from "../../src/declarations/server-token.ts";
import { objectOf } from "./fleet.ts";

type Payload = Declaration["Payload"];

/** A declaration as the library would render it for a channel. */
export async function rendered(
  type: string,
  identifier: string,
  payload: Payload,
  files: readonly string[] = [],
): Promise<RenderedDeclaration> {
  const kind = kindOfType(type);
  if (kind === undefined) throw new Error(`${type} is of no kind`);
  const token = await serverToken({ type, identifier, payload, touches: 0, data: files });
  const body = writeDeclaration({ Type: type, Identifier: identifier, ServerToken: token, Payload: payload });
  return { kind, identifier, type, serverToken: token, body, files };
}

export const passcode = (identifier: string, MinimumLength: number): Promise<RenderedDeclaration> =>
  rendered("com.apple.configuration.passcode.settings", identifier, { MinimumLength });

export const activation = (
  identifier: string,
  StandardConfigurations: string[],
  Predicate?: string,
): Promise<RenderedDeclaration> =>
  rendered("com.apple.activation.simple", identifier, {
    StandardConfigurations,
    ...(Predicate === undefined ? {} : { Predicate }),
  });

export const organization = (Name: string): Promise<RenderedDeclaration> =>
  rendered("com.apple.management.organization-info", "org", { Name });

/** What the channel should have from now on, as its object is told it. */
export async function declare(
  device: { id: string },
  declarations: readonly (RenderedDeclaration | Promise<RenderedDeclaration>)[],
  { userId = "", quiet = false }: { userId?: string; quiet?: boolean } = {},
): Promise<void> {
  await objectOf(device).keepDeclarations(userId, await Promise.all(declarations), { quiet });
}
