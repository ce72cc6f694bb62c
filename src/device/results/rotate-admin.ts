import { ok, type Result, refuse } from "../../base/result.ts";
import { newPassword } from "../../mdm/new-password.ts";
import type { AnsweredCommand } from "../../mdm/results/result-facts.ts";
import { contextOf } from "../client/context.ts";
import { describeDevice } from "../description.ts";
import { type CommandHeader, type CommandRefusal, findCommand } from "../queue/command-rpc.ts";
import { rotationOrigin } from "../queue/origins.ts";
import {
  type OwnCommand,
  queueOwnCommand,
  sealOwnCommand,
  sealOwnCommandWith,
} from "../queue/own-commands.ts";
import { rotationGoesOn } from "../rotation/settle.ts";
import type { Turn } from "../turn.ts";
import type { Vault } from "../vault.ts";

/**
 * A Mac's managed administrator gets a new random password, in two commands: SetAutoAdminPassword needs the GUID of the
 * account, which the Mac has to be asked for first. The question waits in the queue like every command, so that a rotation
 * that was accepted is carried out whenever the Mac next connects.
 * https://developer.apple.com/documentation/devicemanagement/set-auto-admin-password-command
 *
 * The new password is in escrow before the Mac can fetch it. The old one stays the current one until the Mac has
 * acknowledged the command.
 */
export type RotationRefusal = CommandRefusal | { reason: "no-managed-admin"; detail: string };

const question = { RequestType: "DeviceInformation", Queries: ["AutoSetupAdminAccounts"] };
const escrowName = "managed-admin";

export const prepareRotation = (vault: Vault): Promise<OwnCommand> => sealOwnCommand(vault, question);

/** While a rotation is in progress, another request changes nothing. */
export function askRotation(turn: Turn, command: OwnCommand): Result<CommandHeader, RotationRefusal> {
  const { store, deviceId } = turn;
  const known = describeDevice(turn);
  if (known === undefined)
    return refuse({ reason: "unknown-device", detail: `no device has the id ${deviceId}` });
  if (contextOf("", known).platform !== "macos")
    return refuse({ reason: "no-managed-admin", detail: "only a Mac has a managed administrator" });
  const inProgress = store.queue("").find(isRotation);
  const header = inProgress && findCommand(turn, "", inProgress.uuid);
  return header ? ok(header) : queueOwnCommand(turn, command, { origin: rotationOrigin, ifKnown: true });
}

const isRotation = ({ origin, request_type }: { origin: string; request_type: string }): boolean =>
  origin === rotationOrigin || request_type === "SetAutoAdminPassword";

/** What follows from the Mac's answer. */
export type Rotation = { command: OwnCommand } | { error: string };

/** Undefined where the answer has nothing to do with a rotation. It awaits, and may throw: the answer is then read again. */
export async function rotationAfter(
  { vault, env }: { vault: Vault; env: Env },
  origin: string | undefined,
  answered: AnsweredCommand | undefined,
): Promise<Rotation | undefined> {
  if (origin !== rotationOrigin || answered?.requestType !== question.RequestType) return undefined;
  const guid = guidOf(answered);
  if (guid === undefined) return { error: "the Mac has no managed administrator account" };
  const password = newPassword();
  // Hashing takes longer than this object should: the registrar's does it.
  const passwordHash = await env.REGISTRAR.getByName("registrar").hashAccountPassword(password);
  const command = { RequestType: "SetAutoAdminPassword", GUID: guid, passwordHash };
  return { command: await sealOwnCommandWith(vault, { [escrowName]: password }, command) };
}

/** AccountConfiguration makes one such account at most. */
function guidOf({ result }: AnsweredCommand): string | undefined {
  const answers = result.get("QueryResponses");
  const accounts = answers instanceof Map ? answers.get("AutoSetupAdminAccounts") : undefined;
  const [account] = Array.isArray(accounts) ? accounts : [];
  const guid = account instanceof Map ? account.get("GUID") : undefined;
  return typeof guid === "string" && guid !== "" ? guid : undefined;
}

/** Nothing in here awaits. */
export function continueRotation(turn: Turn, asked: { uuid: string }, rotation: Rotation): void {
  if ("error" in rotation) {
    rotationGoesOn(turn, asked, { failure: rotation.error });
    turn.tell({
      name: "command.partly_failed",
      detail: {
        uuid: asked.uuid,
        request_type: question.RequestType,
        part: "AutoSetupAdminAccounts",
        error: rotation.error,
      },
    });
    return;
  }
  if (turn.store.isWaiting("SetAutoAdminPassword")) return;
  const queued = queueOwnCommand(turn, rotation.command, { origin: rotationOrigin, ifKnown: true });
  rotationGoesOn(turn, asked, queued.ok ? queued.value : { failure: queued.refusal.detail });
}
