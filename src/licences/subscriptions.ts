import type { ContentCall } from "../apps-and-books/calls.ts";
import { subscriptionSeatsCall, subscriptionsCall } from "../apps-and-books/calls.ts";
import type { CursorPage, Subscription, SubscriptionSeat } from "../apps-and-books/subscription.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { ContentLocationRow } from "../db/content-locations.ts";
import { clientOf } from "./location.ts";
import type { LocationRefusal } from "./manage-locations.ts";

/**
 * Subscriptions are listed and not managed: Apple is asked each time, and nothing is kept. The call that tells Apple that
 * a server manages subscriptions is never made, so none can be bought into the location because of this server.
 */
export type Listed<Item> = Promise<Result<CursorPage<Item>, LocationRefusal>>;

export const listSubscriptions = (env: Env, row: ContentLocationRow, cursor?: string): Listed<Subscription> =>
  asked(env, row, subscriptionsCall(cursor));

export const listSubscriptionSeats = (
  env: Env,
  row: ContentLocationRow,
  adamId: string,
  cursor?: string,
): Listed<SubscriptionSeat> => asked(env, row, subscriptionSeatsCall(adamId, cursor));

async function asked<Item>(
  env: Env,
  row: ContentLocationRow,
  call: ContentCall<CursorPage<Item>>,
): Listed<Item> {
  const answer = await (await clientOf(env, row)).call(call);
  return answer.ok ? ok(answer.value) : refuse({ reason: "not-proven", apple: answer.refusal });
}
