import type { Result } from "../base/result.ts";
import type { Demands } from "../catalog/demands.ts";
import type {
  CommandHeader,
  CommandInput,
  CommandRefusal,
  CommandSecret,
} from "../device/queue/command-rpc.ts";
import type { QueuedNews } from "../events/queued-news.ts";
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
    /** The caller brings these to the directory; otherwise the device's object does it by its alarm. */
    carry?: ((news: readonly QueuedNews[]) => void) | undefined;
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
export async function enqueue(
  env: Env,
  { uuid, requestType, body }: MdmCommand,
  { deviceId, userId = "", demands, secrets = [], carry, ...how }: Delivery,
): Promise<Result<CommandHeader, CommandRefusal>> {
  const carries = carry !== undefined;
  const input = { ...usual, ...how, carries, uuid, userId, requestType, ...(demands && { demands }) };
  const queued = await env.DEVICE.getByName(deviceId).enqueue(input, body, secrets);
  if (queued.ok && queued.value.news) carry?.(queued.value.news);
  return queued;
}
