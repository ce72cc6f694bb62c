import { kindOfType, writeDeclaration } from "./declaration.ts";
import type { RenderedDeclaration } from "./rendered.ts";
import { serverToken } from "./server-token.ts";

/**
 * The declarations that the server adds by itself: what the device is to report, and the activation without which that
 * would do nothing. https://developer.apple.com/documentation/devicemanagement/managementstatussubscriptions
 */
const ourPrefix = "io.edgemdm.";
const subscriptions = `${ourPrefix}status-subscriptions`;

/** Whether nobody but the server makes declarations of this name. */
export const isOurs = (identifier: string): boolean => identifier.startsWith(ourPrefix);

/** None for no items. */
export async function subscribeTo(items: readonly string[]): Promise<RenderedDeclaration[]> {
  if (items.length === 0) return [];
  return Promise.all([
    render("com.apple.configuration.management.status-subscriptions", subscriptions, {
      StatusItems: items.map((Name) => ({ Name })),
    }),
    render("com.apple.activation.simple", `${subscriptions}.activation`, {
      StandardConfigurations: [subscriptions],
    }),
  ]);
}

async function render(type: string, identifier: string, payload: Payload): Promise<RenderedDeclaration> {
  const kind = kindOfType(type);
  if (kind === undefined) throw new Error(`${type} is of no kind`);
  const token = await serverToken({ type, identifier, payload, touches: 0, data: [] });
  const body = writeDeclaration({ Type: type, Identifier: identifier, ServerToken: token, Payload: payload });
  return { kind, identifier, type, serverToken: token, body, files: [] };
}

type Payload = Parameters<typeof writeDeclaration>[0]["Payload"];
