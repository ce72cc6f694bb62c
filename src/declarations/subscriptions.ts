import { kindOfType, writeDeclaration } from "./declaration.ts";
import { ownPrefix } from "./own-namespace.ts";
import type { RenderedDeclaration } from "./rendered.ts";
import { serverToken } from "./server-token.ts";

/**
 * What the device is to report, and the activation without which that would do nothing. The object adds both by itself:
 * they depend on what the device said it can. https://developer.apple.com/documentation/devicemanagement/managementstatussubscriptions
 */
const subscriptions = `${ownPrefix}status`;
const activation = `${subscriptions}.activation`;

export const isSubscription = (identifier: string): boolean =>
  identifier === subscriptions || identifier === activation;

/** None for no items. */
export async function subscribeTo(items: readonly string[]): Promise<RenderedDeclaration[]> {
  if (items.length === 0) return [];
  return Promise.all([
    render("com.apple.configuration.management.status-subscriptions", subscriptions, {
      StatusItems: items.map((Name) => ({ Name })),
    }),
    render("com.apple.activation.simple", activation, {
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
