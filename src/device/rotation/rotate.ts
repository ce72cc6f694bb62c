import { fromUtf8 } from "../../base/bytes.ts";
import { hour } from "../../base/time.ts";
import type { DutyContext } from "../alarm/duty-context.ts";
import { rotationOrigin } from "../queue/origins.ts";
import { queueOwnCommand } from "../queue/own-commands.ts";
import type { RotationRow } from "../store/rotations.ts";
import type { Turn } from "../turn.ts";
import { newSecret, requestTypes } from "./new-secret.ts";
import { isChanged, isRotated, rotationFailed } from "./settle.ts";

/**
 * The duty of rotation: a secret that somebody has read is replaced by one that nobody has. A command waits for the
 * device like every other; what became of it is seen from the escrow, so that a change by an administrator counts, too.
 *
 * The surprise: a FileVault key that comes back encrypted to somebody else is no success. The Mac then has a key that we
 * do not know, and the rotation is shown as failed.
 */
const lookAgainMs = 6 * hour;

export async function rotateSecrets(work: DutyContext, now: number): Promise<void> {
  const due = work.takeTurn((turn) =>
    turn.store.rotations().filter((row) => isDue(row, now) && judge(turn, row) === "to be sent"),
  );
  for (const row of due) await send(work, row);
}

const isDue = ({ look_at }: RotationRow, now: number): boolean => look_at !== null && look_at <= now;

/** Nothing in here awaits. */
function judge(turn: Turn, row: RotationRow): "to be sent" | "done" | "under way" {
  const { store } = turn;
  const { name, command_uuid: uuid } = row;
  if (row.generation !== store.device().generation || !isRotated(name)) {
    store.dropRotation(name);
    return "done";
  }
  if (isChanged(turn, row)) {
    store.dropRotation(name);
    turn.tell({ name: "escrow.rotated", detail: { name } });
    return "done";
  }
  if (uuid === null && !store.isWaiting(requestTypes[name])) return "to be sent";
  if (uuid === null) {
    // Somebody changes it already: what became of that is seen soon.
    store.setRotation(name, { look_at: turn.now + hour });
    return "under way";
  }
  const isWaiting =
    store.queuedByUuid("", uuid) !== undefined || store.isUnread(uuid) || store.isWaiting(requestTypes[name]);
  if (isWaiting) store.setRotation(name, { look_at: turn.now + lookAgainMs });
  else
    rotationFailed(
      turn,
      row,
      "the device took the command, and no new secret came that this server can open",
    );
  return "under way";
}

async function send({ store, vault, env, takeTurn }: DutyContext, row: RotationRow): Promise<void> {
  const { name } = row;
  const current = store.currentEscrow(name, row.generation);
  if (!isRotated(name) || current === undefined) {
    takeTurn(({ store }) => store.dropRotation(name));
    return;
  }
  const command = await newSecret(name, {
    env,
    vault,
    current: fromUtf8(await vault.openEscrow(name, current.value)),
  });
  takeTurn((turn) => {
    const still = turn.store.rotation(name);
    if (still?.command_uuid !== null || still.escrow_id !== row.escrow_id) return;
    const queued = queueOwnCommand(turn, command, { origin: rotationOrigin, ifKnown: true });
    if (!queued.ok) return rotationFailed(turn, still, queued.refusal.detail);
    turn.store.setRotation(name, {
      command_uuid: queued.value.uuid,
      look_at: turn.now + lookAgainMs,
      error: null,
    });
    turn.plan();
  });
}
