import { type Bytes, utf8 } from "../../base/bytes.ts";
import type { Result } from "../../base/result.ts";
import type { PlistInput } from "../../plist/value.ts";
import { writePlist } from "../../plist/write.ts";
import type { Turn } from "../turn.ts";
import type { Vault } from "../vault.ts";
import { type CommandHeader, type CommandRefusal, type CommandSecret, enqueue } from "./command-rpc.ts";

/** Commands that the server itself gives a device: sealed before the turn, queued within it. */
export type OwnCommand = {
  requestType: string;
  uuid: string;
  body: Bytes;
  /** Sealed: what it sets, in escrow before it can leave. */
  secrets?: readonly CommandSecret[];
};

export const newCommandUuid = (): string => crypto.randomUUID().toUpperCase();

export async function sealOwnCommand(
  vault: Vault,
  command: { RequestType: string; [key: string]: PlistInput | undefined },
  uuid = newCommandUuid(),
): Promise<OwnCommand> {
  const body = await vault.sealCommand(uuid, writePlist({ Command: command, CommandUUID: uuid }));
  return { requestType: command.RequestType, uuid, body };
}

/** The same, with secrets that are escrowed as it is queued, and hold once the device has taken it. */
export async function sealOwnCommandWith(
  vault: Vault,
  secrets: { readonly [escrowName: string]: string },
  command: { RequestType: string; [key: string]: PlistInput | undefined },
): Promise<OwnCommand> {
  const sealed = Object.entries(secrets).map(async ([name, value]) => ({
    name,
    value: await vault.sealEscrow(name, utf8(value)),
    confirmed: false,
  }));
  return { ...(await sealOwnCommand(vault, command)), secrets: await Promise.all(sealed) };
}

type Terms = {
  /** Empty for the device channel. */
  userId?: string;
  origin: string;
  expiresAt?: number;
  renewal?: boolean;
  ifKnown?: boolean;
  high?: boolean;
};

export const queueOwnCommand = (
  turn: Turn,
  { requestType, uuid, body, secrets = [] }: OwnCommand,
  { userId = "", origin, expiresAt, renewal = false, ifKnown = false, high = false }: Terms,
): Result<CommandHeader, CommandRefusal> =>
  enqueue(
    turn,
    {
      uuid,
      userId,
      requestType,
      high,
      renewal,
      expiresAt: expiresAt ?? null,
      origin,
      push: true,
      ifKnown,
    },
    body,
    secrets,
  );
