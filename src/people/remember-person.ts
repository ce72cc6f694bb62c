import { personChanged } from "../db/assignment-changes.ts";
import type { Db } from "../db/open.ts";
import { openDb } from "../db/open.ts";
import { changePerson, findPersonNamed, insertPerson, othersWith, type PersonFacts } from "../db/people.ts";
import { announceAll } from "../events/announce.ts";
import { startAssigning } from "../library/start-assigning.ts";
import type { Person } from "../sign-in/person.ts";
import { changedOf, changeEvent } from "./save-person.ts";

/**
 * Somebody signed in to enroll a device: what the provider tells of the person is kept. What it does not tell stays as it
 * was, and what it tells replaces what an administrator wrote.
 *
 * The surprise: an address that another person has already is left out, because one address names one person.
 */
export async function rememberPerson(env: Env, person: Person, now: number): Promise<void> {
  const { account } = person;
  if (account === null) return;
  const db = openDb(env.DB);
  const found = await findPersonNamed(db, account);
  const known = found && isOf(found, account) ? found : undefined;
  const id = known?.id ?? crypto.randomUUID();
  const told = await toldBy(db, { ...person, account }, id);
  const { issuer, subject } = person;
  const vouched = { issuer, subject, signedInAt: now };
  if (known === undefined) {
    const nothing = { email: null, name: null, department: null };
    const row = { id, ...nothing, account, ...told, ...vouched, createdAt: now, updatedAt: now };
    await announceAll(env, [{ name: "person.created", detail: { person_id: id } }], now, [
      insertPerson(db, row),
    ]);
    return;
  }
  const changed = changedOf(known, told);
  const isOther = Object.keys(changed).length > 0;
  await announceAll(env, isOther ? [changeEvent(id, changed)] : [], now, [
    changePerson(db, id, { ...changed, ...vouched, ...(isOther && { updatedAt: now }) }),
    ...(isOther ? [personChanged(db, id, { now })] : []),
  ]);
  if (isOther) await startAssigning(env);
}

/** Somebody else's account may be this one's address. */
const isOf = ({ account: known }: PersonFacts, account: string): boolean =>
  known === null || known.toLowerCase() === account.toLowerCase();

async function toldBy(
  db: Db,
  { account, email, name, department }: Person & { account: string },
  id: string,
): Promise<Partial<PersonFacts>> {
  const taken = email === null ? [] : await othersWith(db, { email }, id);
  return {
    account,
    ...(email !== null && taken.length === 0 && { email }),
    ...(name !== null && { name }),
    ...(department !== null && { department }),
  };
}
