import { utf8 } from "../../../base/bytes.ts";
import { buildTokensResponse } from "../../../declarations/manifest.ts";
import type { Checkin } from "../../../mdm/checkin.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import type { SealedMessage } from "../../checkin/sealed-message.ts";
import { empty, granted, type Reply, refused } from "../../reply.ts";
import type { DeviceKeys } from "../../sealing.ts";
import { lookAtSetup } from "../../setup/settle.ts";
import type { DeclarationHead, DeclarativeRow } from "../../store/declarations.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../turn.ts";
import { channelKey, type DeviceTurn } from "../../turn.ts";
import { requestReconcile } from "../request-reconcile.ts";

/**
 * The answers to a channel that synchronises. https://developer.apple.com/documentation/devicemanagement/declarativemanagementrequest
 *
 * A device gets the versions in the manifest that it fetched last, even if newer ones are in force: with mixed versions it
 * would not finish. A command tells it about the newer ones, and then it fetches the new manifest.
 *
 * The surprise: a 404 makes a device remove a declaration. It is used only for declarations that are not this channel's.
 */
type Message = Extract<Checkin, { MessageType: "DeclarativeManagement" }>;

export function answerDeclarative(turn: DeviceTurn, { Endpoint }: Message, sealed: SealedMessage): Reply {
  const { endpoint, rest } = split(Endpoint);
  switch (endpoint) {
    case "tokens": {
      const { token, token_at } = channelRow(turn, sealed);
      return json(buildTokensResponse(token, token_at));
    }
    case "declaration-items":
      return json(manifest(turn, channelRow(turn, sealed)));
    case "declaration":
      return findDeclaration(turn.store, channelKey(turn.channel), rest) ? granted : unknown(Endpoint);
    case "status":
      return takeReport(turn, sealed);
    default:
      return refused({ reason: "unknown-endpoint", detail: `no endpoint ${quoted(Endpoint)} is known` });
  }
}

function split(path: string): { endpoint: string; rest: string } {
  const slash = path.indexOf("/");
  return slash < 0
    ? { endpoint: path, rest: "" }
    : { endpoint: path.slice(0, slash), rest: path.slice(slash + 1) };
}

type Answered = Pick<DeclarativeRow, "token" | "token_at" | "manifest" | "fetched_token">;

/** A channel without declarations also has a set, the empty one; a channel that is not managed stores nothing. */
function channelRow({ store, channel, now }: DeviceTurn, { nothingDeclared }: SealedMessage): Answered {
  const userId = channelKey(channel);
  const known = store.declarative(userId);
  if (known !== undefined) {
    if (known.spoke === 0) store.setDeclarative(userId, { spoke: 1 });
    return known;
  }
  const { token = "", json: text = "" } = nothingDeclared ?? {};
  const first = { user_id: userId, token, token_at: now, manifest: text };
  if (store.channel(userId) !== undefined) {
    store.putDeclarative(first);
    store.setDeclarative(userId, { spoke: 1 });
  }
  return { ...first, fetched_token: null };
}

/** From now on this manifest counts for the device, and versions that only the previous one had are deleted. */
function manifest(turn: DeviceTurn, row: Answered): string {
  const { store, channel, now } = turn;
  const userId = channelKey(channel);
  if (row.fetched_token !== row.token && store.declarativeState(userId) !== undefined) {
    store.markFetched(userId);
    store.setDeclarative(userId, {
      fetched_token: row.token,
      fetched_at: now,
      nudges: 0,
      nudge_at: null,
    });
    lookAtSetup(turn, userId);
  }
  return row.manifest;
}

/** `<kind>/<identifier>`: everything after the first slash is the identifier, which may contain slashes. */
function findDeclaration(store: Store, userId: string, path: string): DeclarationHead | undefined {
  const { endpoint: kind, rest: identifier } = split(path);
  const find = (name: string) =>
    store.declarationVersions(userId, name).find((version) => version.kind === kind);
  return find(identifier) ?? find(percentDecoded(identifier));
}

/** Apple does not say whether devices percent-encode the path; one that does must not lose a declaration. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The declaration itself; the turn has already decided that the device may have it. One that does not open is written
 * again from the library, and the device fetches it later: one such declaration must not block all others.
 */
export async function openDeclaration(
  { store, vault, takeTurn }: DutyContext,
  keys: Pick<DeviceKeys, "mustHoldAll">,
  userId: string,
  { Endpoint }: Message,
): Promise<Reply> {
  const head = findDeclaration(store, userId, split(Endpoint).rest);
  const body = head && store.declarationBody(head);
  if (head === undefined || body === undefined) throw new Error("a declaration was deleted during its turn");
  const { user_id, identifier, server_token } = head;
  const opened = await vault.tryDeclaration([user_id, identifier, server_token], body);
  if (opened.ok) return { kind: "json", body: opened.value };
  const { reason, detail } = opened.refusal;
  if (reason === "unknown-master-key") await keys.mustHoldAll();
  takeTurn((turn) => lose(turn, head, detail));
  throw new Error(`the declaration ${identifier} does not open: ${detail}`);
}

function lose(turn: Turn, head: DeclarationHead, reason: string): void {
  if (head.lost === 1) return;
  turn.store.loseDeclaration(head);
  requestReconcile(turn);
  const { user_id, identifier } = head;
  turn.tell({
    name: "declarations.unreadable",
    ...(user_id ? { userId: user_id } : {}),
    detail: { identifier, reason },
  });
}

/** Stored as it came; the alarm reads it. A report that cannot be stored gets a 200 too, or the device would repeat it. */
function takeReport(turn: DeviceTurn, { status }: SealedMessage): Reply {
  const { store, channel, now } = turn;
  const userId = channelKey(channel);
  if (status === undefined || store.channel(userId) === undefined) return empty;
  const { uuid, size, parts } = status;
  const due_at = turn.plan();
  store.putStatusReport({ uuid, user_id: userId, received_at: now, size, due_at }, parts);
  return empty;
}

const json = (text: string): Reply => ({ kind: "json", body: utf8(text) });

const unknown = (endpoint: string): Reply =>
  refused({ reason: "unknown-declaration", detail: `${quoted(endpoint)} is not declared for this channel` });

const quoted = (text: string): string => JSON.stringify(text.slice(0, 200));
