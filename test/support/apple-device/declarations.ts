/**
 * The client half of declarative management (declarative-management, sections 2 to 8): compares the token, fetches the
 * manifest, then each declaration that is new or changed, drops what is gone, applies what is left, and reports: all it
 * is asked for at first, what changed afterwards. One set for each channel.
 */
import type { Channel } from "./channel.ts";
import { manageApps } from "./declarations/apps.ts";
import { judge, type Verdicts } from "./declarations/judge.ts";
import { capabilitiesOf, itemOf, knownItems, nested, systemOf } from "./declarations/status.ts";
import { typesOf } from "./declarations/types.ts";
import type { AppleDevice } from "./device.ts";

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
  /** What the server was last told of each item, as JSON. */
  told: Map<string, string>;
};

type Speaker = Pick<Channel, "declarativeManagement" | "line">;

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
  const known = states.get(channel) ?? {
    token: undefined,
    kept: new Map(),
    introduced: false,
    told: new Map(),
  };
  states.set(channel, known);
  return known;
}

/** With the enrollment go all declarations, and what was said of them. */
export const dropDeclarations = (channel: Speaker): void => void states.delete(channel);

/** `data` is what a DeclarativeManagement command carried: a tokens response, to save asking for it. */
export async function synchronise(
  channel: Speaker,
  device: AppleDevice,
  data?: Uint8Array,
): Promise<Synchronisation> {
  const state = declarationsOf(channel);
  const result: Synchronisation = { fetched: [], removed: [], missing: [] };
  if (!state.introduced) {
    const first = ["device.model.family", "device.model.identifier", "device.operating-system.version"];
    await sendStatus(channel, {
      ...nested(first.map((path) => [path, itemOf(device, path)])),
      management: { "client-capabilities": capabilitiesOf(device) },
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
  await reportStatus(channel, device);
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
export async function sendStatus(
  channel: Pick<Channel, "declarativeManagement">,
  items: object,
  { full = false, errors = [] }: { full?: boolean; errors?: object[] } = {},
): Promise<void> {
  const report = { StatusItems: items, Errors: errors, ...(full ? { FullReport: true } : {}) };
  const answer = await channel.declarativeManagement("status", report);
  if (answer.status !== 200) throw new Error(`a status report was answered with ${answer.status}`);
}

/** Applies what it has, and tells of it what is news; with `full` it tells all, as about once a day. */
export async function reportStatus(
  channel: Speaker,
  device: AppleDevice,
  { full = false }: { full?: boolean } = {},
): Promise<void> {
  const state = declarationsOf(channel);
  if (full) state.told.clear();
  const verdicts = await judge(
    state.kept,
    lookupOf(state, device),
    (url) => channel.line.download(url),
    typesOf(systemOf(device)),
  );
  if (isDevice(channel, device)) await manageApps(device, state.kept, verdicts);
  const asked = subscriptionsOf(state, verdicts);
  // A new subscription begins with the whole value.
  for (const path of state.told.keys())
    if (!asked.has(path) && path !== "management.declarations" && !path.startsWith("error "))
      state.told.delete(path);
  const known = knownItems(device);
  const values = [...asked]
    .filter((path) => known.includes(path))
    .map((path) => [path, itemOf(device, path)] as const);
  const news = [["management.declarations", verdicts] as const, ...values].flatMap(([path, value]) => {
    const [before, now] = [state.told.get(path), JSON.stringify(value)];
    state.told.set(path, now);
    return before === now
      ? []
      : [[path, before === undefined ? value : partOf(JSON.parse(before), value)] as const];
  });
  const errors = [...asked]
    .filter((path) => !known.includes(path) && !state.told.has(`error ${path}`))
    .map((path) => {
      state.told.set(`error ${path}`, "");
      return { StatusItem: path, Reasons: [{ Code: "Error.UnknownStatusItem", Description: path }] };
    });
  if (news.length === 0 && errors.length === 0 && !full) return;
  const all = full ? [...news, ["management.client-capabilities", capabilitiesOf(device)] as const] : news;
  await sendStatus(channel, nested(all), { full, errors });
}

/** Apps are declared for the device, not for its users. */
const isDevice = (channel: Speaker, device: AppleDevice): boolean => (channel as unknown) === device;

type Element = { identifier?: unknown };

/** Of a list, what changed in it; of all else, all. */
function partOf(before: unknown, now: unknown): unknown {
  if (!Array.isArray(before) || !Array.isArray(now)) return now;
  const had = new Map(before.map((element: Element) => [element.identifier, JSON.stringify(element)]));
  const has = new Set(now.map(({ identifier }: Element) => identifier));
  return [
    ...now.filter((element: Element) => had.get(element.identifier) !== JSON.stringify(element)),
    ...[...had.keys()].filter((one) => !has.has(one)).map((identifier) => ({ identifier, _removed: true })),
  ];
}

/** The items that configurations in force ask for. */
function subscriptionsOf({ kept }: DeclarationState, verdicts: Verdicts): Set<string> {
  const active = verdicts.configurations.filter(({ active }) => active).map(({ identifier }) => identifier);
  return new Set(
    active.flatMap((identifier) => {
      const items = kept.get(identifier)?.Payload.StatusItems;
      return Array.isArray(items) ? items.map(({ Name }: { Name: string }) => Name) : [];
    }),
  );
}

function lookupOf({ kept }: DeclarationState, device: AppleDevice) {
  const properties = [...kept.values()]
    .filter(({ Type }) => Type === "com.apple.management.properties")
    .map(({ Payload }) => Payload);
  const all: Record<string, unknown> = Object.assign({}, ...properties);
  return { status: (path: string) => itemOf(device, path), property: (name: string) => all[name] };
}
