import { utf8 } from "../../../base/bytes.ts";
import { buildManifest, type Manifest, type ManifestItem } from "../../../declarations/manifest.ts";
import type { RenderedDeclaration } from "../../../declarations/rendered.ts";
import { isSubscription } from "../../../declarations/subscriptions.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import type { DeclarationHead, DeclarativeRow } from "../../store/declarations.ts";
import type { Turn } from "../../turn.ts";
import { asTriedAgain } from "./again.ts";
import { notify } from "./notify.ts";
import { changeAndTell } from "./states.ts";
import { subscriptionsFor } from "./subscribe.ts";
import { contentOf, timeOfToken } from "./tokens.ts";

const mostTries = 5;

/**
 * Replaces what a channel should have; undefined: keeps it and only updates what the server adds. The same set again
 * writes nothing. A changed set gets a new token, and the device is notified; if this is `quiet`, it finds the change when
 * it next asks by itself.
 */
export async function keepDeclarations(
  work: DutyContext,
  userId: string,
  given: readonly RenderedDeclaration[] | undefined,
  { quiet = false }: { quiet?: boolean } = {},
): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const known = work.takeTurn((turn) => whatIsKnown(turn, userId));
    if (known === undefined) return;
    const change = await prepare(work, userId, known, given);
    if (change === undefined) return given && !quiet ? announce(work, userId) : undefined;
    if (work.takeTurn((turn) => write(turn, userId, known, change, quiet))) return notify(work, userId);
  }
  throw new Error(`the declarations of a channel changed ${mostTries} times while they were written`);
}

/** Notifies the device now of a quiet change. */
async function announce(work: DutyContext, userId: string): Promise<void> {
  const isNews = work.takeTurn(({ store }) => {
    const isQuiet = store.declarativeState(userId)?.announced === 0;
    if (isQuiet) store.setDeclarative(userId, { announced: 1 });
    return isQuiet;
  });
  if (isNews) await notify(work, userId);
}

type Known = { row: DeclarativeRow | undefined; heads: DeclarationHead[]; generation: number };

function whatIsKnown({ store }: Turn, userId: string): Known | undefined {
  if (!store.exists()) return undefined;
  const { generation } = store.device();
  return { row: store.declarative(userId), heads: store.declarations(userId), generation };
}

type Sealed = { declaration: RenderedDeclaration; body: Uint8Array<ArrayBuffer> };
type Change = {
  manifest: Manifest;
  inForce: ReadonlySet<string>;
  fresh: readonly Sealed[];
  /** The set is the same, but texts of it did not open. */
  isRepair: boolean;
};

/** The part that awaits. Undefined: nothing changes. */
async function prepare(
  work: DutyContext,
  userId: string,
  { row, heads }: Known,
  given: readonly RenderedDeclaration[] | undefined,
): Promise<Change | undefined> {
  const stay = given ? [] : heads.filter((head) => head.in_force === 1 && !isSubscription(head.identifier));
  if (row === undefined && stay.length === 0 && !given?.length) return undefined;
  const plain = [...(given ?? []), ...(await subscriptionsFor(work, userId, given ?? [], stay))];
  const wanted = asTriedAgain(row, plain);
  const items = [...stay.map(itemOf), ...wanted];
  const manifest = await buildManifest(items);
  const kept = heads.filter(({ lost }) => lost === 0);
  const stored = new Set(kept.map(({ identifier, server_token }) => keyOf(identifier, server_token)));
  const fresh = wanted.filter(({ identifier, serverToken }) => !stored.has(keyOf(identifier, serverToken)));
  const isRepair = row !== undefined && contentOf(row.token) === manifest.token;
  if (isRepair && fresh.length === 0) return undefined;
  return {
    manifest,
    isRepair,
    inForce: new Set(items.map(({ identifier, serverToken }) => keyOf(identifier, serverToken))),
    fresh: await Promise.all(
      fresh.map(async (declaration) => {
        const { identifier, serverToken, body } = declaration;
        const sealed = await work.vault.sealDeclaration([userId, identifier, serverToken], utf8(body));
        return { declaration, body: sealed };
      }),
    ),
  };
}

/** Nothing in here awaits. False if something changed in between and everything must be done again. */
function write(turn: Turn, userId: string, known: Known, change: Change, quiet: boolean): boolean {
  const { store, now } = turn;
  const row = store.declarative(userId);
  const isSame =
    row?.token === known.row?.token &&
    row?.fetched_at === known.row?.fetched_at &&
    store.device().generation === known.generation;
  if (!isSame) return false;
  for (const head of known.heads) {
    const inForce = change.inForce.has(keyOf(head.identifier, head.server_token));
    if (inForce !== (head.in_force === 1)) store.setInForce(head, inForce);
  }
  for (const { declaration, body } of change.fresh) store.putDeclaration(headOf(userId, declaration), body);
  if (change.isRepair) return true;
  const { token, json: manifest } = change.manifest;
  const token_at = timeOfToken(row, now);
  if (row === undefined) store.putDeclarative({ user_id: userId, token, token_at, manifest });
  changeAndTell(turn, store.declarative(userId) as DeclarativeRow, {
    ...(row && { token, token_at, manifest, resyncs: 0, resync_at: null, nudges: 0, nudge_at: null }),
    announced: quiet && !isAwaited(row) ? 0 : 1,
  });
  turn.plan();
  return true;
}

/** The device was notified of an earlier change and has not fetched it. */
const isAwaited = (row: DeclarativeRow | undefined): boolean =>
  row?.announced === 1 && row.token !== row.fetched_token;

const keyOf = (identifier: string, serverToken: string): string => `${serverToken} ${identifier}`;

const itemOf = ({ kind, identifier, server_token }: DeclarationHead): ManifestItem => ({
  kind,
  identifier,
  serverToken: server_token,
});

const headOf = (userId: string, { kind, identifier, type, serverToken, files }: RenderedDeclaration) => ({
  user_id: userId,
  identifier,
  server_token: serverToken,
  kind,
  type,
  files: JSON.stringify(files),
});
