import type { Bytes } from "../../base/bytes.ts";
import type { Result } from "../../base/result.ts";
import type { PlistInput } from "../../plist/value.ts";
import { writePlist } from "../../plist/write.ts";
import type { Turn } from "../turn.ts";
import type { Vault } from "../vault.ts";
import { type CommandHeader, type CommandRefusal, enqueue } from "./command-rpc.ts";

/** Commands that the server itself gives a device: sealed before the turn, queued within it. */
export type OwnCommand = { requestType: string; uuid: string; body: Bytes };

export const newCommandUuid = (): string => crypto.randomUUID().toUpperCase();

export async function sealOwnCommand(
  vault: Vault,
  command: { RequestType: string; [key: string]: PlistInput | undefined },
  uuid = newCommandUuid(),
): Promise<OwnCommand> {
  const body = await vault.sealCommand(uuid, writePlist({ Command: command, CommandUUID: uuid }));
  return { requestType: command.RequestType, uuid, body };
}

type Terms = {
  /** Empty for the device channel. */
  userId?: string;
  origin: string;
  expiresAt?: number;
  renewal?: boolean;
  ifKnown?: boolean;
};

export const queueOwnCommand = (
  turn: Turn,
  { requestType, uuid, body }: OwnCommand,
  { userId = "", origin, expiresAt, renewal = false, ifKnown = false }: Terms,
): Result<CommandHeader, CommandRefusal> =>
  enqueue(
    turn,
    {
      uuid,
      userId,
      requestType,
      high: false,
      renewal,
      expiresAt: expiresAt ?? null,
      origin,
      push: true,
      ifKnown,
    },
    body,
  );
