import { ownPrefix } from "./own-namespace.ts";
import { type RenderedDeclaration, renderPlain } from "./rendered.ts";

/**
 * What the device should report, and the activation that makes this effective. The object adds both, because they depend
 * on the capabilities that the device reported. https://developer.apple.com/documentation/devicemanagement/managementstatussubscriptions
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
