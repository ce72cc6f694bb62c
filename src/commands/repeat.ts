import { namedUuid } from "../base/named-uuid.ts";
import { type Result, refuse } from "../base/result.ts";
import type { CommandHeader } from "../device/queue/command-rpc.ts";
import { isServerOrigin } from "../device/queue/origins.ts";
import type { Asker } from "./allowed.ts";
import { readRawCommand } from "./command.ts";
import { type Ordered, type OrderRefusal, order } from "./order.ts";

/**
 * A command that a person gave, and that came to nothing, is given again with the same content. Its CommandUUID follows
 * from that of the first one, so that asking twice gives one command.
 */
export type RepeatRefusal = OrderRefusal | { reason: "not-repeatable"; detail: string };

const ended: readonly CommandHeader["state"][] = ["error", "format_error", "expired", "cancelled"];

export async function repeat(
  env: Env,
  { deviceId, userId, uuid, asker, origin }: RepeatWish,
  now: number,
): Promise<Result<Ordered, RepeatRefusal>> {
  const whole = await env.DEVICE.getByName(deviceId).readCommand(userId, uuid);
  if (whole === undefined)
    return refuse({ reason: "no-such-command", detail: `no command ${uuid} is known on this channel` });
  const { state, origin: givenBy } = whole.header;
  if (!ended.includes(state))
    return refuse({
      reason: "not-repeatable",
      detail: `the command is ${state}; only one that failed, expired or was cancelled is tried again`,
    });
  if (isServerOrigin(givenBy))
    return refuse({
      reason: "not-repeatable",
      detail: `the server gave this command by itself (${givenBy}); what it was for is tried again with POST /devices/{id}/retry`,
    });
  const read = whole.body && readRawCommand(whole.body);
  if (!read?.ok)
    return refuse({ reason: "not-repeatable", detail: "the content of this command is not kept any more" });
  const { requestType, payload } = read.value;
  return order(
    env,
    {
      wanted: { requestType, payload, complete: false },
      uuid: await namedUuid("again", uuid),
      delivery: { deviceId, userId, origin, push: true, ifKnown: true },
      mode: "off",
      asker,
    },
    now,
  );
}

export type RepeatWish = { deviceId: string; userId: string; uuid: string; asker: Asker; origin: string };
