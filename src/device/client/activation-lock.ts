import { newBypassCode } from "../../ade/bypass-code.ts";
import type { ActivationLockStatus } from "../../ade/calls.ts";
import { openServer } from "../../apple-business/object.ts";
import type { Asked } from "../../apple-business/service.ts";
import { utf8 } from "../../base/bytes.ts";
import { keepServerMade } from "./escrow.ts";

/**
 * Locks the activation of a device to the organization, through Apple's portal. With a bypass code of this server that is
 * in escrow before Apple hears of its hash: whatever becomes of the answer, a device that was locked can be unlocked.
 *
 * The surprise: the code that the device itself made (`activation-lock-bypass`) may be the one in force. Nobody can know
 * which, so both are kept, and both are tried.
 */
export type LockOrder = {
  account: string;
  serial: string;
  lostMessage: string | undefined;
  /** The hash of a code that the caller keeps; null: only who made the server in the portal can unlock. */
  escrowKey: string | null | undefined;
};

export async function lockActivation(
  env: Env,
  { account, serial, lostMessage, escrowKey }: LockOrder,
  now: number,
): Promise<Asked<{ response_status: ActivationLockStatus; escrowed: boolean }>> {
  const code = escrowKey === undefined ? await newBypassCode() : undefined;
  const kept = code && (await keepServerMade(env, serial, "activation-lock-server", utf8(code.code), now));
  const escrow_key = code?.hash ?? escrowKey;
  const answer = await openServer(env, account).lock({
    device: serial,
    ...(escrow_key && { escrow_key }),
    ...(lostMessage && { lost_message: lostMessage }),
  });
  if (!answer.ok) return answer;
  const isLocked = answer.value.response_status === "SUCCESS";
  await (isLocked ? kept?.confirm() : kept?.drop());
  return { ok: true, value: { ...answer.value, escrowed: isLocked && kept !== undefined } };
}
