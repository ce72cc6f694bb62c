import type { AppChannel, AppDevice } from "../../../apps/app.ts";
import { channelFor, isMac, isUndecided } from "../../../apps/channel.ts";
import { configureCommand, installCommand, removeCommand } from "../../../apps/commanded.ts";
import { lacksLicence, supervisionUnsaid } from "../../../apps/states.ts";
import { mayUpdate, nextWindowAt } from "../../../apps/window.ts";
import type { DesiredState } from "../../../assignment/desired-state.ts";
import type { WantedApp } from "../../../assignment/wanted-apps.ts";
import { allInTurn } from "../../../base/in-turn.ts";
import { day } from "../../../base/time.ts";
import type { RenderedDeclaration } from "../../../declarations/rendered.ts";
import { questionsFor } from "../../../inventory/questions.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import { contextOf } from "../../client/context.ts";
import { assignmentOrigin, inventoryOrigin } from "../../queue/origins.ts";
import { queueOwnCommand, sealOwnCommand } from "../../queue/own-commands.ts";
import { openValues } from "../../results/keep-inventory.ts";
import { askQuestions } from "../../results/rounds.ts";
import type { AppAction, AppRow } from "../../store/apps.ts";
import type { Turn } from "../../turn.ts";
import type { Reconciliation } from "../profiles/keep.ts";
import { afterFailure, decideApp, hasNewer, newRow, type Standing, underWay, type Wish } from "./decide.ts";
import { declarationsOfApps } from "./declare.ts";
import { appDeviceOf } from "./device.ts";
import { giveBack, noteDoubt } from "./give-back.ts";
import { manifestAddressOf } from "./manifest-address.ts";
import { putAndTell, putAndTellAll } from "./tell.ts";

/**
 * Compares the apps of a device with what it should have. One turn decides and records everything; then commands are built
 * and queued one by one. The answer is what is declared: apps are among the declarations of the device.
 */
type Todo = { name: string; does: AppAction };

export async function keepApps(
  work: DutyContext,
  desired: DesiredState,
  look: Reconciliation,
): Promise<RenderedDeclaration[]> {
  if (desired.userId !== "") return [];
  if (desired.apps.length === 0 && work.store.apps().length === 0) return [];
  const device = await appDeviceOf(work, look.known);
  const { TimeZone } = await openValues(work.store, work.vault, "", "information");
  const timeZone = typeof TimeZone === "string" ? TimeZone : undefined;
  const wanted = new Map(desired.apps.map((one) => [one.app.name, one]));
  const { todo, asked, freed, doubted } = work.takeTurn((turn) =>
    decideApps(turn, wanted, { device, timeZone, look }),
  );
  await allInTurn([
    ...todo.map((one) => () => queue(work, one, wanted.get(one.name), { device, desired, look })),
    ...(asked.size > 0 ? [() => ask(work, look, asked)] : []),
    () => giveBack(work, freed),
    () => noteDoubt(work, doubted),
  ]);
  return declarationsOfApps(work, wanted, device, look.origin);
}

type Place = { device: AppDevice; timeZone: string | undefined; look: Reconciliation };
type Decided = { todo: Todo[]; asked: Set<string>; freed: AppRow[]; doubted: AppRow[] };

/** Nothing in here awaits. */
function decideApps(turn: Turn, wanted: ReadonlyMap<string, WantedApp>, place: Place): Decided {
  const { store, now } = turn;
  const decided: Decided = { todo: [], asked: new Set(), freed: [], doubted: [] };
  if (!isStill(turn, place.look)) return decided;
  const known = new Map(store.apps().map((row) => [row.name, row]));
  const changes: [AppRow | undefined, AppRow | undefined][] = [];
  for (const name of new Set([...wanted.keys(), ...known.keys()])) {
    const before = known.get(name);
    const one = wanted.get(name);
    const row = before ?? newRow(name, one?.source ?? "", now);
    const wish = wishFor(row, one, place, now);
    const decision = decideApp(row, wish, standingOf(turn, row), now, turn.lookPace);
    // A quiet change waits for the next reconcile that is not.
    if (place.look.quiet && isAction(decision.does) && row.retry_at === null) continue;
    const next = decision.row && withNextWindow(decision.row, one, place, now);
    changes.push([before, next && withNextLink(next, one, now)]);
    if (decision.row && decision.row.touches > row.touches && lacksLicence(codesOf(row)))
      decided.doubted.push(row);
    if (wish.is === "hindered" && wish.stand === supervisionUnsaid) decided.asked.add("DeviceInformation");
    if (decision.does === "look") for (const list of tellingApps) decided.asked.add(list);
    else if (decision.does === "free" && decision.row) decided.freed.push(decision.row);
    else if (isAction(decision.does)) decided.todo.push({ name, does: decision.does });
  }
  putAndTellAll(turn, changes);
  turn.plan();
  return decided;
}

const isAction = (does: string): does is AppAction =>
  ["install", "update", "configure", "remove"].includes(does);

function wishFor(row: AppRow, one: WantedApp | undefined, { device, timeZone }: Place, now: number): Wish {
  if (one === undefined) return { is: "unwanted", isKept: row.channel === "commands" && row.kept === 1 };
  const { app, source, licence, hindrance, newest } = one;
  const common = { version: app.version, source, licence: licence && JSON.stringify(licence) };
  if (hindrance !== undefined) return { is: "hindered", ...common, stand: hindrance };
  if (row.channel === null && isUndecided(app, device))
    return { is: "hindered", ...common, stand: supervisionUnsaid };
  const channel = channelOf(row, one, device);
  if (typeof channel !== "string")
    return { is: "hindered", ...common, stand: { state: "not_applicable", reason: channel.reason } };
  const isFixed = app.pinnedVersion !== null || app.updates === "never";
  return {
    ...{ is: "wanted", ...common, channel, identifier: app.identifier },
    digest: "manifest" in app.source ? app.source.manifest.url : [source, app.file?.id].join(" ").trim(),
    configuration: app.configuration?.sha256 ?? null,
    newest: isFixed ? null : newest,
    // Where a declaration is always up to date, the device sees to it.
    mayUpdate:
      mayUpdate(app.updates, timeZone, now) && !(channel === "declarations" && app.updates === "always"),
    isConfiguredByInstall: isMac(device),
    isKept: !app.removeWhenUnassigned,
  };
}

/** What manages it already goes on. */
function channelOf(row: AppRow, { app }: WantedApp, device: AppDevice): AppChannel | { reason: string } {
  if (row.channel !== null) return row.channel;
  const channel = channelFor(app, device);
  return channel.ok ? channel.value : { reason: channel.refusal };
}

/** An update that waits for the device's window is looked at when the window opens. */
function withNextWindow(row: AppRow, one: WantedApp | undefined, { timeZone }: Place, now: number): AppRow {
  if (one === undefined || !hasNewer(row) || row.look_at !== null || row.updated_to === row.newest_version)
    return row;
  const at = nextWindowAt(one.app.updates, timeZone, now);
  return at === undefined ? row : { ...row, look_at: at };
}

/** The link in the declaration of a package ends: it is made again for a device that has not installed it yet. */
function withNextLink(row: AppRow, one: WantedApp | undefined, now: number): AppRow {
  if (row.channel !== "declarations" || one === undefined || !("package" in one.app.source)) return row;
  if (row.state === "installed") return { ...row, look_at: null };
  const isSet = row.look_at !== null && row.look_at > now;
  return isSet ? row : { ...row, look_at: now + linkRenewal };
}

/** A link is valid for 90 days at least. */
const linkRenewal = 30 * day;

const codesOf = ({ told }: AppRow): string[] =>
  told === null ? [] : (JSON.parse(told) as { reasons: { code: string }[] }).reasons.map(({ code }) => code);

/** The device may have left or enrolled again during an await. */
const isStill = ({ store }: Turn, { known }: Reconciliation): boolean =>
  store.device().state === "enrolled" && store.device().generation === known.generation;

function standingOf({ store }: Turn, { command_uuid }: AppRow): Standing {
  if (command_uuid === null) return "none";
  const command = store.queuedByUuid("", command_uuid);
  if (command !== undefined) return command.state === "sent" ? "held" : "waiting";
  return store.isUnread(command_uuid) ? "held" : "none";
}

type CommandPlace = { device: AppDevice; desired: DesiredState; look: Reconciliation };

async function queue(
  work: DutyContext,
  { name, does }: Todo,
  one: WantedApp | undefined,
  place: CommandPlace,
): Promise<void> {
  const { look } = place;
  const wanted = await commandFor(work, { name, does }, one, place);
  if (wanted === undefined) return;
  const command = await sealOwnCommand(work.vault, wanted);
  work.takeTurn((turn) => {
    const row = isStill(turn, look) ? turn.store.app(name) : undefined;
    if (row === undefined || row.command_uuid !== null || row.wish !== (does === "remove" ? "gone" : "have"))
      return;
    const queued = queueOwnCommand(turn, command, { origin: assignmentOrigin, ifKnown: true });
    const next = queued.ok
      ? underWay(row, command.uuid, does)
      : afterFailure(row, { repeatable: true, error: queued.refusal.detail, action: does }, turn.now);
    putAndTell(turn, row, next);
  });
}

async function commandFor(
  work: DutyContext,
  { name, does }: Todo,
  one: WantedApp | undefined,
  { device, desired, look }: CommandPlace,
) {
  const { env, store } = work;
  const row = store.app(name);
  const identifier = row?.identifier ?? null;
  if (does === "remove") return identifier === null ? undefined : removeCommand(identifier);
  if (one === undefined || row === undefined) return undefined;
  const { configurationFor } = await import("../../../assignment/app-configuration.ts");
  const configuration = await configurationFor(env, one.app, desired.facts);
  if (!configuration.ok) return undefined;
  if (does === "configure")
    return identifier === null ? undefined : configureCommand(identifier, configuration.value);
  // A command goes when something is to be installed: its link is always a new one.
  const link = { app: one.app, row: { ...row, state: "pending" as const }, origin: look.origin };
  const manifestUrl = await manifestAddressOf(work, { ...link, now: Date.now() });
  return installCommand(one.app, device, { configuration: configuration.value, manifestUrl });
}

/** What became of an app, these say. */
const tellingApps = ["ManagedApplicationList", "InstalledApplicationList"];

async function ask(work: DutyContext, look: Reconciliation, types: ReadonlySet<string>): Promise<void> {
  const questions = await Promise.all(
    (await questionsFor(contextOf("", look.known)))
      .filter(({ requestType }) => types.has(requestType))
      .map(({ requestType, payload }) =>
        sealOwnCommand(work.vault, { RequestType: requestType, ...payload }),
      ),
  );
  work.takeTurn((turn) => {
    if (isStill(turn, look)) askQuestions(turn, questions, { userId: "", origin: inventoryOrigin });
  });
}
