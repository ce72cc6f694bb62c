import { type BuiltInstall, buildInstall } from "../../../assignment/deliver-profile.ts";
import type { DesiredState } from "../../../assignment/desired-state.ts";
import { causeMessage } from "../../../base/cause.ts";
import { allInTurn } from "../../../base/in-turn.ts";
import { logFault } from "../../../base/log.ts";
import { type Result, refuse } from "../../../base/result.ts";
import type { Context } from "../../../catalog/context.ts";
import { isStorageFault } from "../../../db/fault.ts";
import type { ProfileChange } from "../../../events/event.ts";
import { DoesNotOpen, isSpoilt } from "../../../pki/seal.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import { contextOf, termsOf } from "../../client/context.ts";
import type { DeviceDescription } from "../../description.ts";
import { currentIdentity } from "../../identity/renewal.ts";
import { finishUnanswered } from "../../queue/finish.ts";
import { assignmentOrigin } from "../../queue/origins.ts";
import { queueOwnCommand, sealOwnCommand } from "../../queue/own-commands.ts";
import type { ProfileKey, ProfileRow } from "../../store/profiles.ts";
import type { Turn } from "../../turn.ts";
import {
  afterFailure,
  decideProfile,
  newRow,
  notApplicable,
  type Standing,
  stayFor,
  underWay,
  type Wanted,
  withoutCommand,
} from "./decide.ts";
import { profileChange, profileEvent, profileGone } from "./tell.ts";

/**
 * Compares a channel's profiles with what it should have. One turn decides and records everything; then the commands are
 * built and queued one by one. After an interruption the next reconcile finds what is still to be done.
 */
export type Reconciliation = {
  known: DeviceDescription;
  quiet: boolean;
  now: number;
  /** The address where the device finds the server. */
  origin: string;
};

type Todo = ProfileKey & { does: "install" | "remove"; digest: string; version: number };

export async function keepProfiles(
  work: DutyContext,
  desired: DesiredState,
  look: Reconciliation,
): Promise<void> {
  const context = contextOf(desired.userId, look.known);
  const todo = work.takeTurn((turn) => decideProfiles(turn, desired, context, look));
  const channel = { context, facts: desired.facts };
  await allInTurn(
    todo.map(
      (one) => () => (one.does === "remove" ? remove(work, one, look) : install(work, one, channel, look)),
    ),
  );
}

/** Nothing in here awaits. */
function decideProfiles(turn: Turn, desired: DesiredState, context: Context, look: Reconciliation): Todo[] {
  const { store, now } = turn;
  if (!isStill(turn, look)) return [];
  const wanted = wantedBy(desired, context);
  const known = new Map(store.profiles(desired.userId).map((row) => [row.identifier, row]));
  const changes: ProfileChange[] = [];
  const todo: Todo[] = [];
  // What is wanted comes first in the loop.
  const successors: ProfileRow[] = [];
  for (const identifier of new Set([...wanted.keys(), ...known.keys()])) {
    const before = known.get(identifier);
    const row = before ?? newRow(desired.userId, identifier);
    const wish = wanted.get(identifier) ?? { is: "unwanted" };
    const standing = standingOf(turn, row);
    const stays = wish.is === "unwanted" ? stayFor(row, successors, standing) : undefined;
    const decision = stays ?? decideProfile(row, wish, standing, now);
    if (wish.is !== "unwanted" && decision.row) successors.push(decision.row);
    // Those that were already tried are not new in this reconcile.
    const waits = look.quiet && decision.row?.retry_at === null;
    if (waits && decision.cancels) continue;
    if (decision.cancels) takeBack(turn, row);
    if (decision.row === undefined) store.dropProfile(row);
    else if (JSON.stringify(decision.row) !== JSON.stringify(before)) store.putProfile(decision.row);
    const change = decision.row ? profileChange(decision.row) : before && profileGone(before);
    const told = before && profileChange(before);
    if (change && JSON.stringify(change) !== JSON.stringify(told)) changes.push(change);
    if (decision.row && decision.does !== "nothing" && !waits)
      todo.push({
        user_id: desired.userId,
        identifier,
        does: decision.does,
        digest: decision.row.digest,
        version: decision.row.version,
      });
  }
  if (changes.length > 0) tellAll(turn, desired.userId, changes);
  return todo;
}

function wantedBy({ profiles, withheld }: DesiredState, context: Context): Map<string, Wanted> {
  const place = JSON.stringify(Object.values(context));
  return new Map<string, Wanted>([
    ...profiles.map(
      ({ identifier, version, digest, connectivity }) =>
        [identifier, { is: "wanted", version, digest, place, connectivity: connectivity.join(" ") }] as const,
    ),
    ...withheld
      .filter(({ kind }) => kind === "profile")
      .map(
        ({ identifier, missing, connectivity = [] }) =>
          [
            identifier,
            { is: "withheld", missing: missing.join(", "), connectivity: connectivity.join(" ") },
          ] as const,
      ),
  ]);
}

/** The device may have left or enrolled again during an await. */
const isStill = ({ store }: Turn, { known }: Reconciliation): boolean =>
  store.device().state === "enrolled" && store.device().generation === known.generation;

function standingOf({ store }: Turn, { user_id, command_uuid }: ProfileRow): Standing {
  const command = command_uuid === null ? undefined : store.queuedByUuid(user_id, command_uuid);
  if (command === undefined) return "none";
  return command.state === "sent" ? "held" : "waiting";
}

function takeBack(turn: Turn, row: ProfileRow): void {
  const command = row.command_uuid && turn.store.queuedByUuid(row.user_id, row.command_uuid);
  // The row forgets it first, so that its end does not count as a failure.
  turn.store.putProfile({ ...row, ...withoutCommand });
  if (command) finishUnanswered(turn, command, "cancelled", "it is not needed any more");
}

function tellAll({ tell }: Turn, userId: string, changes: readonly ProfileChange[]): void {
  const count = (state: ProfileChange["state"]) => changes.filter((change) => change.state === state).length;
  tell({
    name: "profiles.changed",
    ...(userId ? { userId } : {}),
    detail: { pending: count("pending"), removing: count("removing"), failed: count("failed") },
    change: { profiles: changes },
  });
}

type Channel = { context: Context; facts: DesiredState["facts"] };

async function install(
  work: DutyContext,
  todo: Todo,
  { context, facts }: Channel,
  look: Reconciliation,
): Promise<void> {
  const { env, store, takeTurn } = work;
  if (todo.identifier === termsOf(look.known).identifier) {
    const detail = "this is the identifier of the device's enrollment profile; choose another one";
    takeTurn((turn) => refuseProfile(turn, todo, { reason: "not-applicable", detail }, context, look));
    return;
  }
  const { fingerprint } = currentIdentity(store.identities(), look.known.generation) ?? {};
  const channel = { context, facts, fingerprint };
  const built = await buildInstall(env, todo, channel, look.now).catch(unlessItPasses);
  if (built.ok) {
    const { payload, ...brings } = built.value;
    return queue(work, todo, { RequestType: "InstallProfile", Payload: payload }, brings, look);
  }
  const { refusal } = built;
  if (refusal.reason !== "gone") takeTurn((turn) => refuseProfile(turn, todo, refusal, context, look));
}

/** Faults of D1 or a missing key pass. Any other fault counts as a failure of this profile, and is reported and retried. */
function unlessItPasses(fault: unknown): Result<never, { reason: "cannot"; detail: string }> {
  const passes = isStorageFault(fault) || (fault instanceof DoesNotOpen && !isSpoilt(fault));
  if (passes) throw fault;
  logFault("device.profile_unbuildable", fault);
  return refuse({ reason: "cannot", detail: `the profile cannot be made: ${causeMessage(fault)}` });
}

const remove = (work: DutyContext, todo: Todo, look: Reconciliation): Promise<void> =>
  queue(work, todo, { RequestType: "RemoveProfile", Identifier: todo.identifier }, null, look);

/** A decision that was made in the meantime has precedence. */
function stillTodo(turn: Turn, todo: Todo, look: Reconciliation): ProfileRow | undefined {
  const row = isStill(turn, look) ? turn.store.profile(todo) : undefined;
  const wish = todo.does === "install" ? "have" : "gone";
  return row?.command_uuid === null && row.wish === wish && row.digest === todo.digest ? row : undefined;
}

function refuseProfile(
  turn: Turn,
  todo: Todo,
  { reason, detail }: { reason: "not-applicable" | "cannot"; detail: string },
  context: Context,
  look: Reconciliation,
): void {
  const row = stillTodo(turn, todo, look);
  if (row === undefined) return;
  const next =
    reason === "not-applicable"
      ? notApplicable(row, JSON.stringify(Object.values(context)), detail)
      : afterFailure(row, todo.digest, { repeatable: true, error: detail }, turn.now);
  turn.store.putProfile(next);
  if (reason === "cannot")
    turn.tell(profileEvent("profile.failed", next, profileChange(next), { reason: detail }));
  else tellAll(turn, row.user_id, [profileChange(next)]);
}

async function queue(
  { takeTurn, vault }: DutyContext,
  todo: Todo,
  wanted: { RequestType: string; Payload?: BuiltInstall["payload"]; Identifier?: string },
  brings: Omit<BuiltInstall, "payload"> | null,
  look: Reconciliation,
): Promise<void> {
  const command = await sealOwnCommand(vault, wanted);
  takeTurn((turn) => {
    const row = stillTodo(turn, todo, look);
    if (row === undefined) return;
    const queued = queueOwnCommand(turn, command, {
      userId: todo.user_id,
      origin: assignmentOrigin,
      ifKnown: true,
    });
    if (queued.ok) return turn.store.putProfile(underWay(row, command.uuid, brings));
    const tried = brings?.digest ?? "removal";
    const next = afterFailure(row, tried, { repeatable: true, error: queued.refusal.detail }, turn.now);
    turn.store.putProfile(next);
    turn.tell(profileEvent("profile.failed", next, profileChange(next), { reason: next.reason }));
  });
}
