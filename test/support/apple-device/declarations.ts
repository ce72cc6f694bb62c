/**
 * The client half of declarative management (declarative-management, sections 2 to 4, 7): compares the token, fetches
 * the manifest, then each declaration that is new or changed, drops what is gone, and reports. One set for each channel.
 */
import type { Channel } from "./channel.ts";
import type { Flavour } from "./flavours.ts";

export type Declaration = {
  Type: string;
  Identifier: string;
  ServerToken: string;
  Payload: Record<string, unknown>;
};

export type DeclarationState = {
  token: string | undefined;
  kept: Map<string, Declaration>;
  introduced: boolean;
};

/** All that this needs of a device or user channel. */
type Speaker = Pick<Channel, "declarativeManagement">;

/** What one synchronisation did; `fetched` is empty when the token had not moved. */
export type Synchronisation = { fetched: string[]; removed: string[]; missing: string[] };

const kinds = {
  activation: "Activations",
  asset: "Assets",
  configuration: "Configurations",
  management: "Management",
};
type Kind = keyof typeof kinds;

type Tokens = { SyncTokens?: { DeclarationsToken?: unknown } };
type ManifestItem = { Identifier: string; ServerToken: string };
type Manifest = { Declarations: Record<string, ManifestItem[]>; DeclarationsToken: string };

const states = new WeakMap<Speaker, DeclarationState>();

export function declarationsOf(channel: Speaker): DeclarationState {
  const known = states.get(channel) ?? { token: undefined, kept: new Map(), introduced: false };
  states.set(channel, known);
  return known;
}

/** `data` is what a DeclarativeManagement command carried: a tokens response, to save asking for it. */
export async function synchronise(
  channel: Speaker,
  flavour: Flavour,
  data?: Uint8Array,
): Promise<Synchronisation> {
  const state = declarationsOf(channel);
  const result: Synchronisation = { fetched: [], removed: [], missing: [] };
  if (!state.introduced) {
    await sendStatus(channel, {
      management: { "client-capabilities": capabilities },
      device: deviceItems(flavour),
    });
    state.introduced = true;
  }
  const tokens = (
    data ? JSON.parse(Buffer.from(data).toString("utf8")) : await ask(channel, "tokens")
  ) as Tokens;
  const token = tokens.SyncTokens?.DeclarationsToken;
  if (typeof token !== "string") throw new Error("the tokens response has no DeclarationsToken");
  if (token === state.token) return result;

  const manifest = (await ask(channel, "declaration-items")) as Manifest;
  const wanted = new Set<string>();
  for (const [kind, plural] of Object.entries(kinds)) {
    const items = manifest.Declarations[plural];
    if (!Array.isArray(items)) throw new Error(`the manifest has no ${plural}`);
    for (const item of items) {
      wanted.add(item.Identifier);
      await fetchOne(channel, kind as Kind, item, state, result);
    }
  }
  for (const identifier of state.kept.keys()) {
    if (!wanted.has(identifier) && state.kept.delete(identifier)) result.removed.push(identifier);
  }
  state.token = manifest.DeclarationsToken;
  await sendStatus(channel, { management: { declarations: processed(state) } });
  return result;
}

async function fetchOne(
  channel: Speaker,
  kind: Kind,
  item: ManifestItem,
  state: DeclarationState,
  result: Synchronisation,
): Promise<void> {
  if (state.kept.get(item.Identifier)?.ServerToken === item.ServerToken) return;
  const answer = await channel.declarativeManagement(`declaration/${kind}/${item.Identifier}`);
  if (answer.status === 404) {
    state.kept.delete(item.Identifier);
    result.missing.push(item.Identifier);
    return;
  }
  if (answer.status !== 200)
    throw new Error(`declaration ${item.Identifier} was answered with ${answer.status}`);
  const declaration = answer.json as Declaration;
  if (declaration.Identifier !== item.Identifier || declaration.ServerToken !== item.ServerToken) {
    throw new Error(`declaration ${item.Identifier} came with another identifier or server token`);
  }
  state.kept.set(item.Identifier, declaration);
  result.fetched.push(item.Identifier);
}

async function ask(channel: Speaker, endpoint: string): Promise<unknown> {
  const answer = await channel.declarativeManagement(endpoint);
  if (answer.status !== 200) throw new Error(`${endpoint} was answered with ${answer.status}`);
  return answer.json;
}

/** `items` nest as status item names do at their dots. */
export async function sendStatus(channel: Speaker, items: object, fullReport?: boolean): Promise<void> {
  const report = { StatusItems: items, Errors: [], ...(fullReport ? { FullReport: true } : {}) };
  const answer = await channel.declarativeManagement("status", report);
  if (answer.status !== 200) throw new Error(`a status report was answered with ${answer.status}`);
}

const kindOf = (declaration: Declaration): string => declaration.Type.split(".")[2] ?? "";

/** A configuration is active when a kept activation names it; predicates are taken as true. */
function processed(state: DeclarationState): Record<string, object[]> {
  const all = [...state.kept.values()];
  const named = new Set(
    all
      .filter((declaration) => kindOf(declaration) === "activation")
      .flatMap(({ Payload }) =>
        Array.isArray(Payload.StandardConfigurations) ? Payload.StandardConfigurations : [],
      ),
  );
  const entries = (kind: Kind): object[] =>
    all
      .filter((declaration) => kindOf(declaration) === kind)
      .map(({ Identifier, ServerToken }) => ({
        identifier: Identifier,
        "server-token": ServerToken,
        active: kind === "configuration" ? named.has(Identifier) : true,
        valid: "valid",
      }));
  return {
    activations: entries("activation"),
    assets: entries("asset"),
    configurations: entries("configuration"),
    management: entries("management"),
  };
}

const deviceItems = (flavour: Flavour): object => ({
  model: { family: flavour.family, identifier: flavour.productName, "marketing-name": flavour.modelName },
  "operating-system": {
    family: flavour.platform,
    version: flavour.osVersion,
    "build-version": flavour.buildVersion,
  },
});

const capabilities = {
  "supported-versions": ["1.0.0"],
  "supported-features": {},
  "supported-payloads": {
    declarations: {
      activations: ["com.apple.activation.simple"],
      assets: [
        "com.apple.asset.data",
        "com.apple.asset.credential.userpassword",
        "com.apple.asset.useridentity",
      ],
      configurations: [
        "com.apple.configuration.legacy",
        "com.apple.configuration.management.status-subscriptions",
        "com.apple.configuration.management.test",
        "com.apple.configuration.passcode.settings",
      ],
      management: ["com.apple.management.organization-info", "com.apple.management.properties"],
    },
    "status-items": [
      "device.model.family",
      "device.model.identifier",
      "device.operating-system.version",
      "management.client-capabilities",
      "management.declarations",
    ],
  },
};
