import type { Result } from "../base/result.ts";
import type { Demands } from "../catalog/demands.ts";
import type {
  CommandHeader,
  CommandInput,
  CommandRefusal,
  CommandSecret,
} from "../device/queue/command-rpc.ts";
import type { MdmCommand } from "./command.ts";

type Usual = Pick<CommandInput, "high" | "renewal" | "expiresAt" | "push" | "ifKnown" | "alone">;

/** The receiver of a command and its options; missing ones have their defaults. */
export type Delivery = Pick<CommandInput, "origin"> &
  Partial<Usual> & {
    deviceId: string;
    /** The user channel; undefined for the device channel. */
    userId?: string | undefined;
    demands?: Demands | undefined;
    /** Escrowed in the same write that queues the command. */
    secrets?: readonly CommandSecret[];
  };

const usual: Usual = {
  high: false,
  renewal: false,
  expiresAt: null,
  push: true,
  ifKnown: false,
  alone: false,
};

/** Gives a command to one channel of one device. Giving it again, under the same UUID, changes nothing. */
export function enqueue(
  env: Env,
  { uuid, requestType, body }: MdmCommand,
  { deviceId, userId = "", demands, secrets = [], ...how }: Delivery,
): Promise<Result<CommandHeader, CommandRefusal>> {
  const input = { ...usual, ...how, uuid, userId, requestType, ...(demands && { demands }) };
  return env.DEVICE.getByName(deviceId).enqueue(input, body, secrets);
}
