import { ok, type Result, refuse } from "../base/result.ts";
import { personChanged } from "../db/assignment-changes.ts";
import { openDb } from "../db/open.ts";
import {
  changePerson,
  erasePerson,
  findPerson,
  insertPerson,
  isTaken,
  othersWith,
  type PersonFacts,
  type PersonRow,
} from "../db/people.ts";
import { deleteSessionsOf } from "../db/sign-in.ts";
import { announceAll } from "../events/announce.ts";
import { startAssigning } from "../library/start-assigning.ts";

/**
 * People whom devices belong to. What is known of a person fills in variables and decides filters, so each change of it
 * is written with a note for the devices of the person. Events have the person's id and no other word about the person.
 */
export type PersonRefusal =
  | { reason: "unknown" }
  /** Nothing would name the person any more. */
  | { reason: "nameless" }
  | { reason: "taken"; fields: ("account" | "email")[] };

type Given = { [Name in keyof PersonFacts]?: PersonFacts[Name] | undefined };

export async function createPerson(
  env: Env,
  facts: PersonFacts,
  now: number,
): Promise<Result<PersonRow, PersonRefusal>> {
  const db = openDb(env.DB);
  const id = crypto.randomUUID();
  const taken = await othersWith(db, facts, id);
  if (taken.length > 0) return refuse({ reason: "taken", fields: taken });
  const row = {
    id,
    ...facts,
    issuer: null,
    subject: null,
    signedInAt: null,
    createdAt: now,
    updatedAt: now,
  };
  const event = { name: "person.created" as const, detail: { person_id: id } };
  const clash = await unlessTaken(announceAll(env, [event], now, [insertPerson(db, row)]));
  return clash ?? ok(row);
}

/** Changing nothing tells nobody. */
export async function updatePerson(
  env: Env,
  id: string,
  facts: Given,
  now: number,
): Promise<Result<PersonRow, PersonRefusal>> {
  const db = openDb(env.DB);
  const before = await findPerson(db, id);
  if (before === undefined) return refuse({ reason: "unknown" });
  const changed = changedOf(before, facts);
  if (Object.keys(changed).length === 0) return ok(before);
  const { account, email } = { ...before, ...changed };
  if (account === null && email === null) return refuse({ reason: "nameless" });
  const taken = await othersWith(db, changed, id);
  if (taken.length > 0) return refuse({ reason: "taken", fields: taken });
  const clash = await unlessTaken(
    announceAll(env, [changeEvent(id, changed)], now, [
      changePerson(db, id, { ...changed, updatedAt: now }),
      personChanged(db, id, { now }),
    ]),
  );
  if (clash) return clash;
  await startAssigning(env);
  return ok({ ...before, ...changed, updatedAt: now });
}

/** Another request may have written the same account or address between the look and the write. */
async function unlessTaken(writing: Promise<void>): Promise<Result<never, PersonRefusal> | undefined> {
  try {
    await writing;
    return undefined;
  } catch (fault) {
    if (isTaken(fault)) return refuse({ reason: "taken", fields: ["account", "email"] });
    throw fault;
  }
}

export const changedOf = (before: PersonFacts, facts: Given): Partial<PersonFacts> =>
  Object.fromEntries(
    Object.entries(facts).filter(
      ([name, value]) => value !== undefined && value !== before[name as keyof PersonFacts],
    ),
  );

export const changeEvent = (id: string, changed: Partial<PersonFacts>) => ({
  name: "person.changed" as const,
  detail: { person_id: id, fields: Object.keys(changed).sort().join(", ") },
});

/**
 * Erases what is known of a person, and ends the person's sessions. The job takes the link from the devices; an
 * enrollment that a sign-in made keeps the account that it belongs to, because the device could not go on without it.
 */
export async function forgetPerson(env: Env, id: string, now: number): Promise<boolean> {
  const db = openDb(env.DB);
  const row = await findPerson(db, id);
  if (row === undefined) return false;
  const { issuer, subject } = row;
  if (issuer !== null && subject !== null) await deleteSessionsOf(db, { issuer, subject });
  await announceAll(env, [{ name: "person.erased", detail: { person_id: id } }], now, [
    ...erasePerson(db, row),
    personChanged(db, id, { now }),
  ]);
  await startAssigning(env);
  return true;
}
