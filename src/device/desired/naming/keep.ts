import type { DesiredState } from "../../../assignment/desired-state.ts";
import { hostNameOf, whyNotNamed } from "../../../assignment/device-name.ts";
import type { PlistInput } from "../../../plist/value.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import { contextOf } from "../../client/context.ts";
import type { DeviceDescription } from "../../description.ts";
import { finishUnanswered } from "../../queue/finish.ts";
import { assignmentOrigin } from "../../queue/origins.ts";
import { queueOwnCommand, sealOwnCommand } from "../../queue/own-commands.ts";
import type { NameRow } from "../../store/naming.ts";
import { factsOf, type Turn } from "../../turn.ts";
import { decideNaming, type Naming, type Standing } from "./decide.ts";
import { withoutCommand } from "./failure.ts";
import { keepFailure } from "./settle.ts";

/** Compares the name of the device with what it should be. One turn decides and records; then the command is made. */
type Reconciliation = { known: DeviceDescription; quiet: boolean; now: number };

export async function keepName(
  work: DutyContext,
  { userId, name: wanted }: Pick<DesiredState, "userId" | "name">,
  look: Reconciliation,
): Promise<void> {
  if (userId !== "" || (wanted === undefined && work.store.naming() === undefined)) return;
  const context = contextOf("", look.known);
  const cannot = wanted && (await whyNotNamed(context));
  const name = work.takeTurn((turn) => decide(turn, { wanted, cannot }, look));
  if (name === undefined) return;
  const host = context.platform === "macos" ? hostNameOf(name) : undefined;
  const command = await sealOwnCommand(work.vault, {
    RequestType: "Settings",
    Settings: settings(name, host),
  });
  work.takeTurn((turn) => {
    const row = isStill(turn, look) ? turn.store.naming() : undefined;
    if (row === undefined || row.wish !== name || row.command_uuid !== null) return;
    const queued = queueOwnCommand(turn, command, { origin: assignmentOrigin, ifKnown: true });
    if (queued.ok)
      return turn.store.putNaming({ ...row, command_uuid: command.uuid, brings: name, retry_at: null });
    keepFailure(turn, row, { repeatable: true, error: queued.refusal.detail });
  });
}

const settings = (name: string, host: string | undefined): PlistInput => [
  { Item: "DeviceName", DeviceName: name },
  ...(host === undefined ? [] : [{ Item: "HostName", HostName: host }]),
];

/** Nothing in here awaits. The answer is the name that is to be sent. */
function decide(
  turn: Turn,
  naming: Pick<Naming, "wanted" | "cannot">,
  look: Reconciliation,
): string | undefined {
  const { store, now, tell } = turn;
  if (!isStill(turn, look)) return undefined;
  const before = store.naming();
  const reported = factsOf(store.device()).DeviceName;
  const decision = decideNaming(before, { ...naming, reported, standing: standingOf(turn, before) }, now);
  // A quiet change waits for the next reconcile that is not.
  if (look.quiet && (decision.sends !== undefined || decision.cancels)) return undefined;
  if (decision.cancels && before) takeBack(turn, before);
  const { row, drift } = decision;
  if (row === undefined) store.dropNaming();
  else if (JSON.stringify(row) !== JSON.stringify(before)) store.putNaming(row);
  if (row && drift)
    tell({
      name: "device.name_drifted",
      detail: { set: row.set_name, repairs: drift.repairs, given_up: drift.givenUp },
    });
  turn.plan();
  return decision.sends;
}

/** The device may have left or enrolled again during an await. */
const isStill = ({ store }: Turn, { known }: Reconciliation): boolean =>
  store.device().state === "enrolled" && store.device().generation === known.generation;

function standingOf({ store }: Turn, row: NameRow | undefined): Standing {
  if (!row?.command_uuid) return "none";
  const command = store.queuedByUuid("", row.command_uuid);
  if (command !== undefined) return command.state === "sent" ? "held" : "waiting";
  return store.isUnread(row.command_uuid) ? "held" : "lost";
}

function takeBack(turn: Turn, row: NameRow): void {
  const command = row.command_uuid ? turn.store.queuedByUuid("", row.command_uuid) : undefined;
  // The row forgets it first, so that its end does not count as a failure.
  turn.store.putNaming({ ...row, ...withoutCommand });
  if (command) finishUnanswered(turn, command, "cancelled", "it is not needed any more");
}
