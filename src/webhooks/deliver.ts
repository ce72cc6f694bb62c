import { utf8 } from "../base/bytes.ts";
import { channelKinds } from "../db/channel-kinds.ts";
import type { EventRow } from "../db/events.ts";
import { openDb } from "../db/open.ts";
import { readEnv } from "../env.ts";
import type { ChannelKind } from "../mdm/channel.ts";
import { allowsLocal, checkAddress } from "./address.ts";
import { type Answer, send } from "./client.ts";
import { type Delivered, deliverLanes, type Parcel } from "./lanes.ts";
import { type Composer, composer } from "./payload/compose.ts";
import { messageId } from "./payload/message.ts";
import { signatureHeaders } from "./sign.ts";
import type { OpenWebhook } from "./webhook.ts";

/** Sends what it can of these, and returns the result of each. */
export async function deliver(env: Env, hook: OpenWebhook, parcels: readonly Parcel[]): Promise<Delivered> {
  if (parcels.length === 0) return { tried: [], untried: [] };
  const ids = parcels.map(({ event }) => event.deviceId);
  const kinds = hook.row.style === "nanomdm" ? await channelKinds(openDb(env.DB), ids) : noKinds;
  const compose = composerFor(env, hook, kinds);
  return deliverLanes(parcels, (event) => attempt(env, hook, compose, event, messageId(event)), Date.now);
}

/** Sends one event outside the queue. */
export const deliverOnce = (env: Env, hook: OpenWebhook, event: EventRow, id: string): Promise<Answer> =>
  attempt(env, hook, composerFor(env, hook, noKinds), event, id);

const noKinds: ReadonlyMap<string, ChannelKind> = new Map();

function composerFor(env: Env, hook: OpenWebhook, kinds: ReadonlyMap<string, ChannelKind>): Composer {
  const configuration = readEnv(env);
  const source = (configuration.ok && configuration.value.publicUrl) || "urn:edgemdm";
  return composer(env, hook, source, ({ deviceId, userId }) => kinds.get(`${deviceId}:${userId ?? ""}`));
}

/** The address is checked again: it may be older than what is allowed, or come from another server's backup. */
async function attempt(
  env: Env,
  hook: OpenWebhook,
  compose: Composer,
  event: EventRow,
  id: string,
): Promise<Answer> {
  const address = checkAddress(hook.private.url, allowsLocal(env));
  if (!address.ok) return { status: null, fault: `the address ${address.refusal.detail}`, askedMs: 0, ms: 0 };
  const { body, contentType } = await compose(event);
  const bytes = utf8(body);
  const signatures = await signatureHeaders(hook.private, id, bytes, Date.now());
  return send(hook.private.url, { "Content-Type": contentType, ...signatures }, bytes, Date.now);
}
