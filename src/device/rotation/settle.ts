import { ok, type Result, refuse } from "../../base/result.ts";
import { day, hour } from "../../base/time.ts";
import type { RotationRow } from "../store/rotations.ts";
import type { FinishedState, QueueRow } from "../store/rows.ts";
import type { Turn } from "../turn.ts";

/** What turns do to a rotation: a secret is seen, a command ends. The rest is the alarm's (rotate.ts). */

/** Those that the server can change by itself. */
export const rotatedSecrets = ["filevault-key", "recovery-lock", "managed-admin"] as const;
export type RotatedSecret = (typeof rotatedSecrets)[number];

export const isRotated = (name: string): name is RotatedSecret =>
  (rotatedSecrets as readonly string[]).includes(name);

const mostAttempts = 6;

/** Somebody has read the secret: it is changed at that time, or earlier if an earlier reading says so. */
export function noteSeen(turn: Turn, name: string, dueAt: number): void {
  const { store, now } = turn;
  const { state, generation } = store.device();
  const newest = newestOf(turn, name);
  if (!isRotated(name) || state !== "enrolled" || newest === undefined) return;
  const known = store.rotation(name);
  const isSame = known?.generation === generation && known.escrow_id === newest;
  if (!isSame || known.look_at === null)
    store.putRotation({ name, generation, escrow_id: newest, read_at: now, due_at: dueAt });
  else if (known.attempts === 0 && known.command_uuid === null && dueAt < known.due_at)
    store.setRotation(name, { read_at: now, due_at: dueAt, look_at: dueAt });
  else store.setRotation(name, { read_at: now });
  turn.plan();
}

export type RotateRefusal = { reason: "unknown-device" | "not-enrolled" | "no-value"; detail: string };

/** A person has it changed now. What is in progress already goes on. */
export function rotateNow(turn: Turn, name: RotatedSecret): Result<"asked", RotateRefusal> {
  const { store, now, deviceId } = turn;
  if (!store.exists())
    return refuse({ reason: "unknown-device", detail: `no device has the id ${deviceId}` });
  const { generation, state } = store.device();
  if (state !== "enrolled")
    return refuse({
      reason: "not-enrolled",
      detail: `the device is ${state}; only an enrolled one changes it`,
    });
  const newest = newestOf(turn, name);
  // The change needs the present value.
  if (newest === undefined || store.currentEscrow(name, generation) === undefined)
    return refuse({
      reason: "no-value",
      detail: `no ${name} of this enrollment is known, which the change needs`,
    });
  const known = store.rotation(name);
  const isUnderWay =
    known?.generation === generation && known.escrow_id === newest && known.command_uuid !== null;
  if (isUnderWay) return ok("asked");
  store.putRotation({ name, generation, escrow_id: newest, read_at: now, due_at: now });
  turn.plan();
  return ok("asked");
}

/** Also a value that the device has not confirmed yet: it was shown with the others. */
const newestOf = ({ store }: Turn, name: string): number | undefined => {
  const { generation } = store.device();
  return store.escrow().find((row) => row.name === name && row.generation === generation)?.id;
};

/** Whether the device has a newer value than the one that was seen; it does not matter who changed it. */
export function isChanged({ store }: Pick<Turn, "store">, { name, escrow_id }: RotationRow): boolean {
  const current = store.currentEscrow(name, store.device().generation);
  return current !== undefined && current.id > escrow_id;
}

/** The answer to a rotation's question has led to the command that sets the secret, or to none. */
export function rotationGoesOn(
  turn: Turn,
  asked: { uuid: string },
  next: { uuid: string } | { failure: string },
): void {
  const row = turn.store.rotations().find(({ command_uuid }) => command_uuid === asked.uuid);
  if (row === undefined) return;
  if ("failure" in next) rotationFailed(turn, row, next.failure);
  else turn.store.setRotation(row.name, { command_uuid: next.uuid });
}

/** A command has ended: the alarm looks whether the new secret came with it. */
export function settleRotation(
  turn: Turn,
  { uuid }: Pick<QueueRow, "uuid">,
  state: FinishedState,
  error: string | null,
): void {
  const { store } = turn;
  const row = store.rotations().find(({ command_uuid }) => command_uuid === uuid);
  if (row === undefined) return;
  if (state === "acknowledged") store.setRotation(row.name, { look_at: turn.plan() });
  else rotationFailed(turn, row, error ?? `the command is ${state}`);
}

export function rotationFailed(turn: Turn, { name, attempts: before }: RotationRow, error: string): void {
  const attempts = before + 1;
  const isOver = attempts >= mostAttempts;
  const look_at = isOver ? null : turn.now + Math.min(hour * 4 ** before, day);
  turn.store.setRotation(name, { attempts, look_at, command_uuid: null, error: error.slice(0, 500) });
  turn.tell({
    name: "escrow.rotation_failed",
    detail: { name, attempts, given_up: isOver, error: error.slice(0, 500) },
  });
}
