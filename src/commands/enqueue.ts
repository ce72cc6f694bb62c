import type { Result } from "../base/result.ts";
import type { Demands } from "../catalog/demands.ts";
import type { CommandHeader, CommandRefusal, CommandSecret } from "../device/queue/command-rpc.ts";
import type { MdmCommand } from "./command.ts";

/** Gives a command to one channel of one device. Giving it again, under the same UUID, changes nothing. */
export type Delivery = {
  deviceId: string;
  /** The user channel; undefined for the device channel. */
  userId?: string | undefined;
  high?: boolean;
  /** The one command that an expired identity may still fetch. */
  renewal?: boolean;
  expiresAt?: number | null;
  /** Who asked: a token's id, or the part of the server that wants it. */
  origin: string;
  /** Whether the device is told at once; otherwise it finds the command when it next connects. */
  push?: boolean;
  /** Only for a device that has been heard of; otherwise the command waits for a device still to come. */
  ifKnown?: boolean;
  /** Refused while another command of this type waits. */
  alone?: boolean;
  /** What the device's object is to look at before it takes the command. */
  demands?: Demands | undefined;
  /** Escrowed in the same write as the command is queued. */
  secrets?: readonly CommandSecret[];
};

export function enqueue(
  env: Env,
  command: MdmCommand,
  delivery: Delivery,
): Promise<Result<CommandHeader, CommandRefusal>> {
  const {
    deviceId,
    userId,
    high = false,
    renewal = false,
    expiresAt = null,
    origin,
    push = true,
    ifKnown = false,
    alone = false,
    demands,
    secrets = [],
  } = delivery;
  const { uuid, requestType, body } = command;
  const input = {
    uuid,
    userId: userId ?? "",
    requestType,
    high,
    renewal,
    expiresAt,
    origin,
    push,
    ifKnown,
    alone,
    ...(demands && { demands }),
  };
  return env.DEVICE.getByName(deviceId).enqueue(input, body, secrets);
}
