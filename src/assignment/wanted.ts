import type { ChoiceRow } from "../db/choices.ts";
import type { HeldRow, LibraryRows } from "../db/desired-state.ts";
import type { RenderedDeclaration } from "./render-declaration.ts";
import { type Activating, activateSet } from "./set-activation.ts";

/** What a channel's sets say that it should have. */
type Member = LibraryRows["members"][number];
export type Wanted = { kind: Member["kind"]; identifier: string };

/** The sets of one channel. */
export const setsOf = (held: readonly HeldRow[], channel: string): ReadonlySet<string> =>
  new Set(held.filter(({ userId }) => userId === channel).map(({ setName }) => setName));

/** An optional item is wanted where it was chosen, or where another set requires it. */
export function wantedBy(
  channel: string,
  sets: ReadonlySet<string>,
  members: readonly Member[],
  choices: readonly ChoiceRow[],
): Wanted[] {
  const chosen = new Set(choices.filter(({ userId }) => userId === channel).map(nameOf));
  return members.filter(
    (member) => sets.has(member.setName) && (!member.optional || chosen.has(nameOf(member))),
  );
}

/** An item in several sets is wanted once. */
export const once = (wanted: readonly Wanted[]): Wanted[] => [
  ...new Map(wanted.map((one) => [nameOf(one), one])).values(),
];

const nameOf = ({ kind, identifier }: Wanted): string => `${kind} ${identifier}`;

/** For each set with its own activation: those of its configurations that the channel gets. */
export async function activationsFor(
  sets: ReadonlySet<string>,
  members: readonly Member[],
  activating: readonly Activating[],
  rendered: readonly RenderedDeclaration[],
): Promise<RenderedDeclaration[]> {
  const configurations = new Set(
    rendered.filter(({ kind }) => kind === "configuration").map(({ identifier }) => identifier),
  );
  const made = await Promise.all(
    activating
      .filter(({ name }) => sets.has(name))
      .map((set) => {
        const inSet = members.filter(({ setName, kind }) => setName === set.name && kind === "declaration");
        const meant = inSet.filter(
          ({ identifier, policy }) => policy === null && configurations.has(identifier),
        );
        return activateSet(
          set,
          meant.map(({ identifier }) => identifier),
        );
      }),
  );
  return made.filter((activation) => activation !== undefined);
}
