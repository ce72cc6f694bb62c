import { and, eq, sql } from "drizzle-orm";
import type { MemberKind } from "./assignment-changes.ts";
import { isGiven } from "./channel-sets.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { channelSets, setMembers, sets } from "./schema/sets.ts";

/** Single changes: one member of one set, or one set on one channel. */
export type Channel = { deviceId: string; userId: string };

export const ensureSet = (db: Db, name: string, now: number): Statement =>
  db
    .insert(sets)
    .values({ name, createdAt: now, updatedAt: now })
    .onConflictDoUpdate({ target: sets.name, set: { updatedAt: now } });

/** Undefined: it is not in the set. */
export const findMember = (
  db: Db,
  setName: string,
  kind: MemberKind,
  identifier: string,
): Promise<{ policy: string | null } | undefined> =>
  read(() =>
    db
      .select({ policy: setMembers.policy })
      .from(setMembers)
      .where(member(setName, kind, identifier))
      .get(),
  );

/** Only members that are in the library. What a policy puts there belongs to the policy, even if it was listed before. */
export const addMember = (
  db: Db,
  setName: string,
  kind: MemberKind,
  identifier: string,
  policy: string | null = null,
): Statement => {
  const added = db
    .insert(setMembers)
    .select(
      sql`SELECT ${setName}, ${kind}, identifier, ${policy}, 0 FROM ${sql.identifier(`${kind}s`)} WHERE identifier = ${identifier}`,
    );
  const { setName: set, kind: ofKind, identifier: name } = setMembers;
  return policy === null
    ? added.onConflictDoNothing()
    : added.onConflictDoUpdate({ target: [set, ofKind, name], set: { policy, optional: false } });
};

/** Back as it was, if it is still in the library and the set exists. */
export const putMember = (
  db: Db,
  setName: string,
  kind: MemberKind,
  identifier: string,
  { policy, isOptional }: { policy: string | null; isOptional: boolean },
): Statement =>
  db
    .insert(setMembers)
    .select(
      sql`SELECT ${setName}, ${kind}, identifier, ${policy}, ${isOptional ? 1 : 0} FROM ${sql.identifier(`${kind}s`)}
        WHERE identifier = ${identifier} AND EXISTS (SELECT 1 FROM sets WHERE name = ${setName})`,
    )
    .onConflictDoUpdate({
      target: [setMembers.setName, setMembers.kind, setMembers.identifier],
      set: { optional: isOptional },
    });

export const dropMember = (db: Db, setName: string, kind: MemberKind, identifier: string): Statement =>
  db.delete(setMembers).where(member(setName, kind, identifier));

const member = (setName: string, kind: MemberKind, identifier: string) =>
  and(eq(setMembers.setName, setName), eq(setMembers.kind, kind), eq(setMembers.identifier, identifier));

export async function listGiven(db: Db, channel: Channel): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ name: channelSets.setName })
      .from(channelSets)
      .where(isGiven(channel))
      .orderBy(channelSets.setName),
  );
  return rows.map(({ name }) => name);
}

export const addGiven = (db: Db, { deviceId, userId }: Channel, setName: string): Statement =>
  db.insert(channelSets).values({ deviceId, userId, setName, source: "given" }).onConflictDoNothing();

/** Without a name: all of them. */
export const dropGiven = (db: Db, channel: Channel, setName?: string): Statement =>
  db
    .delete(channelSets)
    .where(and(isGiven(channel), setName === undefined ? undefined : eq(channelSets.setName, setName)));
