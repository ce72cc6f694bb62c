import { ownPrefix } from "./own-namespace.ts";
import { type RenderedDeclaration, renderPlain } from "./rendered.ts";

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
    renderPlain("com.apple.configuration.management.status-subscriptions", subscriptions, {
      StatusItems: items.map((Name) => ({ Name })),
    }),
    renderPlain("com.apple.activation.simple", activation, {
      StandardConfigurations: [subscriptions],
    }),
  ]);
}
