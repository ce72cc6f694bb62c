import { type BuiltInstall, buildInstall } from "../../assignment/build-install.ts";
import type { ChannelIntent } from "../../assignment/intent.ts";
import { causeMessage } from "../../base/cause.ts";
import { allInTurn } from "../../base/in-turn.ts";
import { logFault } from "../../base/log.ts";
import { type Result, refuse } from "../../base/result.ts";
import type { Context } from "../../catalog/context.ts";
import { isStorageFault } from "../../db/fault.ts";
import type { ProfileChange } from "../../events/event.ts";
import { DoesNotOpen, isSpoilt } from "../../pki/seal.ts";
import { writePlist } from "../../plist/write.ts";
import { enqueue } from "../command-desk.ts";
import { contextOf, termsOf } from "../context.ts";
import type { DeviceDescription } from "../description.ts";
import type { Desk } from "../desk.ts";
import { finishUnanswered } from "../finish.ts";
import type { Office } from "../perform.ts";
import { currentIdentity } from "../renewal.ts";
import { assignmentOrigin } from "../routine.ts";
import type { ProfileKey, ProfileRow } from "../store/profiles.ts";
import {
  afterFailure,
  decideProfile,
  newRow,
  notApplicable,
  type Standing,
  underWay,
  type Wanted,
  withoutCommand,
} from "./decide.ts";
import { profileChange, profileEvent, profileGone } from "./tell.ts";

/**
 * A channel's profiles, held against what it should have: in one turn all is decided and noted, then one command after
 * the other is built and queued. Cut short in between, the next look finds what is still to be done.
 */
export type Look = { known: DeviceDescription; quiet: boolean; now: number };

type Todo = ProfileKey & { does: "install" | "remove"; digest: string };

export async function keepProfiles(office: Office, intent: ChannelIntent, look: Look): Promise<void> {
  const context = contextOf(intent.userId, look.known);
  const todo = office.desk((turn) => reconcile(turn, intent, context, look));
  const channel = { context, facts: intent.facts };
  await allInTurn(
    todo.map(
      (one) => () =>
        one.does === "remove" ? remove(office, one, look) : install(office, one, channel, look),
    ),
  );
}

/** Nothing in here waits. */
function reconcile(desk: Desk, intent: ChannelIntent, context: Context, look: Look): Todo[] {
  const { store, now } = desk;
  if (!isStill(desk, look)) return [];
  const wanted = wantedBy(intent, context);
  const known = new Map(store.profiles(intent.userId).map((row) => [row.identifier, row]));
  const changes: ProfileChange[] = [];
  const todo: Todo[] = [];
  for (const identifier of new Set([...wanted.keys(), ...known.keys()])) {
    const before = known.get(identifier);
    const row = before ?? newRow(intent.userId, identifier);
    const wish = wanted.get(identifier) ?? { is: "unwanted" };
    const decision = decideProfile(row, wish, standingOf(desk, row), now);
    // Those that had been tried are no news of this look.
    const waits = look.quiet && decision.row?.retry_at === null;
    if (waits && decision.cancels) continue;
    if (decision.cancels) takeBack(desk, row);
    if (decision.row === undefined) store.dropProfile(row);
    else if (JSON.stringify(decision.row) !== JSON.stringify(before)) store.putProfile(decision.row);
    const change = decision.row ? profileChange(decision.row) : before && profileGone(before);
    const told = before && profileChange(before);
    if (change && JSON.stringify(change) !== JSON.stringify(told)) changes.push(change);
    if (decision.row && decision.does !== "nothing" && !waits)
      todo.push({ user_id: intent.userId, identifier, does: decision.does, digest: decision.row.digest });
  }
  if (changes.length > 0) tellAll(desk, intent.userId, changes);
  return todo;
}

function wantedBy({ profiles, troubles }: ChannelIntent, context: Context): Map<string, Wanted> {
  const place = JSON.stringify(Object.values(context));
  return new Map<string, Wanted>([
    ...profiles.map(
      ({ identifier, version, digest }) => [identifier, { is: "wanted", version, digest, place }] as const,
    ),
    ...troubles
      .filter(({ kind }) => kind === "profile")
      .map(
        ({ identifier, missing }) => [identifier, { is: "withheld", missing: missing.join(", ") }] as const,
      ),
  ]);
}

/** It may have left, or enrolled anew, while something was waited for. */
const isStill = ({ store }: Desk, { known }: Look): boolean =>
  store.device().state === "enrolled" && store.device().generation === known.generation;

function standingOf({ store }: Desk, { user_id, command_uuid }: ProfileRow): Standing {
  const command = command_uuid === null ? undefined : store.queuedByUuid(user_id, command_uuid);
  if (command === undefined) return "none";
  return command.state === "sent" ? "held" : "waiting";
}

function takeBack(desk: Desk, row: ProfileRow): void {
  const command = row.command_uuid && desk.store.queuedByUuid(row.user_id, row.command_uuid);
  // First forgotten, so that its end is not taken for a failure.
  desk.store.putProfile({ ...row, ...withoutCommand });
  if (command) finishUnanswered(desk, command, "cancelled", "something else is wanted by now");
}

function tellAll({ tell }: Desk, userId: string, changes: readonly ProfileChange[]): void {
  const count = (state: ProfileChange["state"]) => changes.filter((change) => change.state === state).length;
  tell({
    name: "profiles.changed",
    ...(userId ? { userId } : {}),
    detail: { pending: count("pending"), removing: count("removing"), failed: count("failed") },
    change: { profiles: changes },
  });
}

type Channel = { context: Context; facts: ChannelIntent["facts"] };

async function install(office: Office, todo: Todo, { context, facts }: Channel, look: Look): Promise<void> {
  const { env, store, desk } = office;
  if (todo.identifier === termsOf(look.known).identifier) {
    const detail = "this is the identifier of the profile that the device is enrolled with; choose another";
    desk((turn) => refuseProfile(turn, todo, { reason: "not-applicable", detail }, context, look));
    return;
  }
  const { fingerprint } = currentIdentity(store.identities(), look.known.generation) ?? {};
  const channel = { context, facts, fingerprint };
  const built = await buildInstall(env, todo.identifier, channel, look.now).catch(unlessItPasses);
  if (built.ok) {
    const { payload, ...brings } = built.value;
    return queue(office, todo, { RequestType: "InstallProfile", Payload: payload }, brings, look);
  }
  const { refusal } = built;
  if (refusal.reason !== "gone") desk((turn) => refuseProfile(turn, todo, refusal, context, look));
}

/** What D1 or a missing key is to blame for passes. Anything else is this profile's failure, and is told and tried again as such. */
function unlessItPasses(fault: unknown): Result<never, { reason: "cannot"; detail: string }> {
  const passes = isStorageFault(fault) || (fault instanceof DoesNotOpen && !isSpoilt(fault));
  if (passes) throw fault;
  logFault("device.profile_unbuildable", fault);
  return refuse({ reason: "cannot", detail: `the profile cannot be made: ${causeMessage(fault)}` });
}

const remove = (office: Office, todo: Todo, look: Look): Promise<void> =>
  queue(office, todo, { RequestType: "RemoveProfile", Identifier: todo.identifier }, null, look);

/** What somebody else has decided meanwhile stands. */
function stillTodo(desk: Desk, todo: Todo, look: Look): ProfileRow | undefined {
  const row = isStill(desk, look) ? desk.store.profile(todo) : undefined;
  const wish = todo.does === "install" ? "have" : "gone";
  return row?.command_uuid === null && row.wish === wish && row.digest === todo.digest ? row : undefined;
}

function refuseProfile(
  desk: Desk,
  todo: Todo,
  { reason, detail }: { reason: "not-applicable" | "cannot"; detail: string },
  context: Context,
  look: Look,
): void {
  const row = stillTodo(desk, todo, look);
  if (row === undefined) return;
  const next =
    reason === "not-applicable"
      ? notApplicable(row, JSON.stringify(Object.values(context)), detail)
      : afterFailure(row, todo.digest, { repeatable: true, error: detail }, desk.now);
  desk.store.putProfile(next);
  if (reason === "cannot")
    desk.tell(profileEvent("profile.failed", next, profileChange(next), { reason: detail }));
  else tellAll(desk, row.user_id, [profileChange(next)]);
}

async function queue(
  { desk, vault }: Office,
  todo: Todo,
  command: { RequestType: string; Payload?: BuiltInstall["payload"]; Identifier?: string },
  brings: Omit<BuiltInstall, "payload"> | null,
  look: Look,
): Promise<void> {
  const uuid = crypto.randomUUID().toUpperCase();
  const body = await vault.sealCommand(uuid, writePlist({ Command: command, CommandUUID: uuid }));
  desk((turn) => {
    const row = stillTodo(turn, todo, look);
    if (row === undefined) return;
    const input = {
      uuid,
      userId: todo.user_id,
      requestType: command.RequestType,
      high: false,
      renewal: false,
    };
    const queued = enqueue(
      turn,
      { ...input, expiresAt: null, origin: assignmentOrigin, push: true, ifKnown: true },
      body,
    );
    if (queued.ok) return turn.store.putProfile(underWay(row, uuid, brings));
    const tried = brings?.digest ?? "removal";
    const next = afterFailure(row, tried, { repeatable: true, error: queued.refusal.detail }, turn.now);
    turn.store.putProfile(next);
    turn.tell(profileEvent("profile.failed", next, profileChange(next), { reason: next.reason }));
  });
}
