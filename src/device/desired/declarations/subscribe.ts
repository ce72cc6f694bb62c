import { appConfiguration, packageConfiguration } from "../../../apps/app.ts";
import { fromUtf8 } from "../../../base/bytes.ts";
import { obstacles, platformOf } from "../../../catalog/availability.ts";
import type { Context } from "../../../catalog/context.ts";
import { statusItemSpec } from "../../../catalog/lookup.ts";
import { parsePredicate } from "../../../declarations/predicate.ts";
import { namesIn } from "../../../declarations/predicate-names.ts";
import type { RenderedDeclaration } from "../../../declarations/rendered.ts";
import { subscribeTo } from "../../../declarations/subscriptions.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import { contextOf } from "../../client/context.ts";
import { describeDevice } from "../../description.ts";
import type { DeclarationHead } from "../../store/declarations.ts";
import { openItem } from "./status-items.ts";

/**
 * The status items that a channel should report: those in the settings and those in the predicates of its activations, if
 * its system supports them on this channel. What the device reported takes precedence over Apple's schema.
 */
export const capabilitiesItem = "management.client-capabilities";

/** The items that the list of devices shows, and those about software updates. */
const usualItems = [
  "device.identifier.serial-number",
  "device.model.identifier",
  "device.operating-system.build-version",
  "device.operating-system.supplemental.build-version",
  "device.operating-system.supplemental.extra-version",
  "device.operating-system.version",
  "device.power.battery-health",
  "diskmanagement.filevault.enabled",
  "passcode.is-compliant",
  "passcode.is-present",
  "softwareupdate.failure-reason",
  "softwareupdate.install-reason",
  "softwareupdate.install-state",
  "softwareupdate.pending-version",
];

/** For a channel that has declarations: those that were rendered now, or the stored ones. */
export async function subscriptionsFor(
  work: DutyContext,
  userId: string,
  given: readonly RenderedDeclaration[],
  stay: readonly DeclarationHead[],
): Promise<RenderedDeclaration[]> {
  const known = given.length + stay.length > 0 ? work.takeTurn(describeDevice) : undefined;
  if (known === undefined) return [];
  const { loadSettings } = await import("../../../admin/settings.ts");
  const { status_items } = await loadSettings(work.env, Date.now());
  const bodies = [...given.filter(isActivation).map(({ body }) => body), ...(await openBodies(work, stay))];
  const types = [...given, ...stay].map(({ type }) => type);
  const wanted = [
    ...new Set([...(status_items ?? usualItems), ...bodies.flatMap(itemsOfPredicate), ...itemsOfApps(types)]),
  ].sort();
  const supported = await supportedItems(work, userId);
  const context = contextOf(userId, known);
  const fits = await Promise.all(wanted.map((name) => isReported(name, context, supported)));
  return subscribeTo(wanted.filter((_, at) => fits[at]));
}

/** How it stands with an app, only the device knows. */
const itemsOfApps = (types: readonly string[]): string[] => [
  ...(types.includes(appConfiguration) ? ["app.managed.list"] : []),
  ...(types.includes(packageConfiguration) ? ["package.list"] : []),
];

const isActivation = ({ kind }: { kind: string }): boolean => kind === "activation";

const openBodies = ({ store, vault }: DutyContext, stay: readonly DeclarationHead[]): Promise<string[]> =>
  Promise.all(
    stay.filter(isActivation).map(async (head) => {
      const body = store.declarationBody(head);
      const key = [head.user_id, head.identifier, head.server_token] as const;
      const opened = body && (await vault.tryDeclaration(key, body));
      // When the device asks for it, this is found and it is written again.
      return opened?.ok ? fromUtf8(opened.value) : "{}";
    }),
  );

function itemsOfPredicate(body: string): string[] {
  const { Payload } = JSON.parse(body) as { Payload?: { Predicate?: unknown } };
  const predicate = typeof Payload?.Predicate === "string" ? parsePredicate(Payload.Predicate) : undefined;
  return predicate?.ok ? namesIn(predicate.value).statusItems : [];
}

/** Undefined: the device has not reported it yet. */
async function supportedItems(
  { store, vault }: DutyContext,
  userId: string,
): Promise<Set<unknown> | undefined> {
  const told = (await openItem(store, vault, userId, capabilitiesItem))?.value as
    | { "supported-payloads"?: { "status-items"?: unknown } }
    | undefined;
  const items = told?.["supported-payloads"]?.["status-items"];
  return Array.isArray(items) ? new Set(items) : undefined;
}

async function isReported(
  name: string,
  context: Context,
  supported: Set<unknown> | undefined,
): Promise<boolean> {
  // Devices report these without a subscription.
  if (name.startsWith("management.")) return false;
  if (supported) return supported.has(name);
  const platform = platformOf(context);
  const facts = platform && (await statusItemSpec(name))?.os[platform];
  if (!facts) return false;
  const cautious = {
    ...context,
    supervised: context.supervised ?? false,
    sharedIpad: context.sharedIpad ?? false,
  };
  return obstacles(facts, facts, cautious, platform).every(({ code }) => code === "deprecated");
}
