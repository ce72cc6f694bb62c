import { fromUtf8 } from "../../../base/bytes.ts";
import type { DeclarationKind } from "../../../declarations/declaration.ts";
import type { DeclarationState, ReportedDeclaration } from "../../../declarations/states.ts";
import type { Store } from "../../store/store.ts";
import type { Vault } from "../../vault.ts";
import { errorsOf } from "./keep-report.ts";
import { reportedOf, standingsOf } from "./states.ts";
import { openItem } from "./status-items.ts";

/**
 * What the object knows about the declarations and status of one channel. Values are JSON text, because the types of a
 * call between objects do not allow values of unlimited depth.
 */
export type DeclarationsDescription = {
  /** Null: the channel never had declarations and never asked for them. */
  token: string | null;
  tokenAt: number | null;
  /** Whether the device was or will be notified of this token. */
  announced: boolean;
  /** The token of the manifest that it fetched last. */
  fetchedToken: string | null;
  fetchedAt: number | null;
  /** When it last reported its declarations. */
  reportedAt: number | null;
  /** In the order of identifiers. */
  declarations: DescribedDeclaration[];
  /** Declarations that it reports but that are not, or no longer, declared for it. */
  unexpected: UnexpectedDeclaration[];
  /** What its sets have for it and it does not get. */
  withheld: { identifier: string; reason: string }[];
};

export type DescribedDeclaration = {
  identifier: string;
  kind: DeclarationKind;
  type: string;
  serverToken: string;
  state: DeclarationState;
  /** What the device reported about it; null: nothing. */
  reported: Said | null;
};

export type UnexpectedDeclaration = Said & { identifier: string; kind: DeclarationKind };
type Said = { serverToken: string; active: boolean; valid: ReportedDeclaration["valid"]; reasons: string };

export function describeDeclarations(
  store: Store,
  userId: string,
  limit: number,
  after: string | undefined,
): DeclarationsDescription {
  const row = store.declarative(userId);
  const withheld = store
    .withheld(userId)
    .filter(({ kind }) => kind === "declaration")
    .slice(0, mostUnexpected)
    .map(({ identifier, reason }) => ({ identifier, reason }));
  if (row === undefined) return { ...nothing, withheld };
  const standings = standingsOf(store, row);
  const declared = new Set(standings.map(({ head }) => head.identifier));
  return {
    token: row.token,
    tokenAt: row.token_at,
    announced: row.announced === 1,
    fetchedToken: row.fetched_token,
    fetchedAt: row.fetched_at,
    reportedAt: row.reported_at,
    declarations: standings
      .filter(({ head }) => after === undefined || head.identifier > after)
      .slice(0, limit)
      .map(({ head, state, reported }) => ({
        identifier: head.identifier,
        kind: head.kind,
        type: head.type,
        serverToken: head.server_token,
        state,
        reported: reported ? said(reported) : null,
      })),
    unexpected: Object.entries(reportedOf(row))
      .filter(([identifier]) => !declared.has(identifier))
      .slice(0, mostUnexpected)
      .map(([identifier, reported]) => ({ identifier, kind: reported.kind, ...said(reported) })),
    withheld,
  };
}

const mostUnexpected = 1_000;

const said = ({ serverToken, active, valid, reasons }: ReportedDeclaration): Said => ({
  serverToken,
  active,
  valid,
  reasons: JSON.stringify(reasons),
});

const nothing: DeclarationsDescription = {
  token: null,
  tokenAt: null,
  announced: false,
  fetchedToken: null,
  fetchedAt: null,
  reportedAt: null,
  declarations: [],
  unexpected: [],
  withheld: [],
};

export type StatusItemDescription = {
  path: string;
  /** Since when it has this value. */
  since: number;
  json: string;
  /** Earlier values, newest first: `[since, value]` each. */
  history: string;
};

/** `isCut`: there are more; with them the answer would be too large. */
export type StatusItemsPage = { items: StatusItemDescription[]; isCut: boolean };

const mostCharacters = 4_000_000;

/** In the order of paths, after `after`. */
export async function listStatusItems(
  store: Store,
  vault: Vault,
  userId: string,
  limit: number,
  after: string | undefined,
): Promise<StatusItemsPage> {
  const heads = store.statusItems(userId).filter(({ path }) => after === undefined || path > after);
  const items: StatusItemDescription[] = [];
  let characters = 0;
  for (const { path, as_of } of heads.slice(0, limit)) {
    if (characters > mostCharacters) return { items, isCut: true };
    const item = await openItem(store, vault, userId, path);
    const [json, history] = [JSON.stringify(item?.value ?? null), JSON.stringify(item?.history ?? [])];
    items.push({ path, since: as_of, json, history });
    characters += json.length + history.length;
  }
  return { items, isCut: false };
}

export type StatusErrorDescription = { item: string; at: number; reasons: string };

export function listStatusErrors(store: Store, userId: string): StatusErrorDescription[] {
  const row = store.declarative(userId);
  return row ? errorsOf(row).map((error) => ({ ...error, reasons: JSON.stringify(error.reasons) })) : [];
}

export type StatusReportDescription = { id: number; receivedAt: number; size: number; state: string };

export type StatusReportText = StatusReportDescription & { text: string };

/** Newest first. */
export const listStatusReports = (store: Store, userId: string): StatusReportDescription[] =>
  store
    .statusReports(userId)
    .map(({ id, received_at, size, state }) => ({ id, receivedAt: received_at, size, state }));

/** The text as it came. */
export async function readStatusReport(
  store: Store,
  vault: Vault,
  userId: string,
  id: number,
): Promise<StatusReportText | undefined> {
  const row = store.statusReports(userId).find((one) => one.id === id);
  if (row === undefined) return undefined;
  const bytes = await vault.openStatusReport(row.uuid, store.statusReportParts(id));
  const { received_at: receivedAt, size, state } = row;
  return { id, receivedAt, size, state, text: textOf(bytes) };
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
