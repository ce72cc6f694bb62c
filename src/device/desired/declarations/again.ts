import { writeDeclaration } from "../../../declarations/declaration.ts";
import type { RenderedDeclaration } from "../../../declarations/rendered.ts";
import type { DeclarationState } from "../../../declarations/states.ts";
import type { DeclarativeRow } from "../../store/declarations.ts";
import type { Store } from "../../store/store.ts";

/**
 * A device does not look again at a declaration that it has in the same version. So one that is to be tried again gets
 * another ServerToken on this device alone.
 *
 * The surprise: a ServerToken has at most 64 octets, and the hash of the content takes all of them. So how often it was
 * tried again is written in the case of the letters of the hash, lowest bit first. The directory gets the hash itself.
 */
type Tries = { [identifier: string]: number };

export const isFailed = ({ state }: { state: DeclarationState }): boolean =>
  state === "invalid" || state === "unknown_to_device" || state === "stale";

export function tryDeclarationAgain(store: Store, userId: string, identifier: string): void {
  const row = store.declarative(userId);
  if (row === undefined) return;
  const tries = triesOf(row);
  const before = Object.hasOwn(tries, identifier) ? (tries[identifier] ?? 0) : 0;
  store.setDeclarative(userId, { again: JSON.stringify({ ...tries, [identifier]: before + 1 }) });
}

/** The declarations as this channel gets them. */
export function asTriedAgain(
  row: Pick<DeclarativeRow, "again"> | undefined,
  given: readonly RenderedDeclaration[],
): RenderedDeclaration[] {
  const tries = row === undefined ? {} : triesOf(row);
  return given.map((declaration) => {
    const { identifier, serverToken } = declaration;
    const number = Object.hasOwn(tries, identifier) ? tries[identifier] : undefined;
    return number === undefined
      ? declaration
      : withToken(declaration, marked(versionOf(serverToken), number));
  });
}

function withToken(declaration: RenderedDeclaration, serverToken: string): RenderedDeclaration {
  const body = JSON.parse(declaration.body) as Parameters<typeof writeDeclaration>[0];
  return { ...declaration, serverToken, body: writeDeclaration({ ...body, ServerToken: serverToken }) };
}

/** The hash of the content, whatever number is written in it. */
export const versionOf = (serverToken: string): string => serverToken.toLowerCase();

function marked(hash: string, number: number): string {
  let rest = number;
  return hash.replace(/[a-f]/g, (letter) => {
    const isSet = rest % 2 === 1;
    rest = Math.floor(rest / 2);
    return isSet ? letter.toUpperCase() : letter;
  });
}

const triesOf = ({ again }: Pick<DeclarativeRow, "again">): Tries => JSON.parse(again) as Tries;
