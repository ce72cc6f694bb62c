import type { Settings } from "../admin/setting-entries.ts";
import { sha256, utf8 } from "../base/bytes.ts";
import { canonicalJson, type Json } from "../declarations/canonical-json.ts";
import { ownPrefix } from "../declarations/own-namespace.ts";
import { type RenderedDeclaration, renderPlain } from "../declarations/rendered.ts";
import type { Payload } from "../declarations/server-filled.ts";

/**
 * The server's own declarations: its organization, its capabilities, the properties of the device (for predicates), and
 * the passcode policy of the settings.
 */
export type OwnFacts = {
  deviceId: string;
  /** Empty for the device channel. */
  userId: string;
  platform: string | null;
  kind: string;
  tags: readonly string[];
  attributes: Readonly<Record<string, string>>;
};

/** The settings that affect declarations. */
const declaredSettings: readonly (keyof Settings)[] = [
  "organization",
  "organization_email",
  "organization_url",
  "provided_declarations",
  "passcode_policy",
  "status_items",
  "certificate_uses",
];

/** Whether declarations would change: saving the same settings again causes no reconcile. */
export const changesDeclared = (before: Settings, patch: Partial<Settings>): boolean =>
  declaredSettings.some(
    (name) => patch[name] !== undefined && canonicalJson(patch[name]) !== canonicalJson(before[name]),
  );

/** `hasOthers`: whether the channel has declarations besides these. */
export async function ownDeclarations(
  settings: Settings,
  facts: OwnFacts,
  hasOthers: boolean,
): Promise<RenderedDeclaration[]> {
  const policy = passcode(settings, facts);
  const who = settings.provided_declarations;
  const isProvided = who === "everywhere" || (who === "with_others" && (hasOthers || policy.length > 0));
  const plain = [...policy, ...(isProvided ? await management(settings, facts) : [])];
  return Promise.all(plain.map(({ type, name, payload }) => renderPlain(type, ownPrefix + name, payload)));
}

type Plain = { type: string; name: string; payload: Payload };

function passcode({ passcode_policy: policy }: Settings, { userId, platform, kind }: OwnFacts): Plain[] {
  // Only on the device channel; Apple TV has no passcode, and the Mac of its user keeps its own.
  if (policy === null || userId !== "" || platform === "tvos") return [];
  if (kind === "user" && platform === "macos") return [];
  return [
    { type: "com.apple.configuration.passcode.settings", name: "passcode", payload: policy as Payload },
    {
      type: "com.apple.activation.simple",
      name: "passcode.activation",
      payload: { StandardConfigurations: [`${ownPrefix}passcode`] },
    },
  ];
}

async function management(settings: Settings, facts: OwnFacts): Promise<Plain[]> {
  const { organization: Name, organization_email: Email, organization_url: URL } = settings;
  const organization = { Name, ...(Email !== null && { Email }), ...(URL !== null && { URL }) };
  const capabilities = { Version: "1.0.0", SupportedFeatures: {} };
  return [
    { type: "com.apple.management.organization-info", name: "organization", payload: organization },
    { type: "com.apple.management.server-capabilities", name: "capabilities", payload: capabilities },
    { type: "com.apple.management.properties", name: "properties", payload: await properties(facts) },
  ];
}

/** Attributes under their own names, besides `tags` and `shard`, which are reserved names. */
async function properties({ deviceId, tags, attributes }: OwnFacts): Promise<Payload> {
  const named = Object.entries(attributes).map(([name, text]): [string, Json] => [name, typed(text)]);
  return { ...Object.fromEntries(named), tags: [...tags].sort(), shard: await shardOf(deviceId) };
}

/** Attributes are texts. A text that looks like a number or a boolean becomes one, so that predicates can compare it. */
const typed = (text: string): Json =>
  /^(-?(0|[1-9]\d{0,14})(\.\d{1,15})?|true|false)$/.test(text) ? (JSON.parse(text) as Json) : text;

/** 0 to 99, always the same for a device, for changes that start with a part of the fleet. */
async function shardOf(deviceId: string): Promise<number> {
  const digest = await sha256(utf8(deviceId));
  return new DataView(digest.buffer).getUint32(0) % 100;
}
