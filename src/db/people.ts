import { and, asc, eq, getTableColumns, inArray, type SQL, sql } from "drizzle-orm";
import { causeMessage } from "../base/cause.ts";
import { among } from "./batch.ts";
import type { Statement } from "./directory.ts";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { accountGrants } from "./schema/account-grants.ts";
import { devices } from "./schema/devices.ts";
import { people } from "./schema/people.ts";

const {
  accountKey: _account,
  emailKey: _email,
  departmentKey: _department,
  nameKey,
  ...told
} = getTableColumns(people);

export type PersonRow = Pick<typeof people.$inferSelect, keyof typeof told>;
export type PersonFacts = Pick<PersonRow, "account" | "email" | "name" | "department">;

export const personColumns = told;

export const findPerson = (db: Db, id: string): Promise<PersonRow | undefined> =>
  read(() => db.select(told).from(people).where(eq(people.id, id)).get());

/** The person that this account or address is of; an account comes first. */
export const personNamed = (account: string): SQL =>
  sql`coalesce((SELECT id FROM people WHERE account_key = lower(${account})), (SELECT id FROM people WHERE email_key = lower(${account})))`;

export const findPersonNamed = (db: Db, account: string): Promise<PersonRow | undefined> =>
  read(() =>
    db
      .select(told)
      .from(people)
      .where(sql`${people.id} = ${personNamed(account)}`)
      .get(),
  );

export type PeopleFilter = { email?: string | undefined; department?: string | undefined };
export type PersonPlace = readonly [name: string, id: string];

const held = ({ email, department }: PeopleFilter): (SQL | undefined)[] => [
  email === undefined ? undefined : sql`${people.emailKey} = lower(${email})`,
  department === undefined ? undefined : sql`${people.departmentKey} = lower(${department})`,
];

/** In the order of names. */
export const listPeople = (
  db: Db,
  filter: PeopleFilter,
  limit: number,
  after: PersonPlace | undefined,
): Promise<(PersonRow & { nameKey: string })[]> =>
  read(() =>
    db
      .select({ ...told, nameKey: sql<string>`${nameKey}` })
      .from(people)
      .where(and(...held(filter), keyAfter([people.nameKey, people.id], after)))
      .orderBy(asc(people.nameKey), asc(people.id))
      .limit(limit),
  );

/** So many people are looked at for one page of a search. */
const mostLookedAt = 2_000;

/** In the order of names: whose name, address or account has this text in it, in whatever case of the letters a to z. */
export async function searchPeople(
  db: Db,
  { search, ...filter }: PeopleFilter & { search: string },
  limit: number,
  after: PersonPlace | undefined,
): Promise<{ rows: (PersonRow & { nameKey: string })[]; stoppedAt: PersonPlace | undefined }> {
  const here = and(...held(filter), keyAfter([people.nameKey, people.id], after));
  const key = sql<string>`${nameKey}`.as("looked_name");
  const order = [asc(people.nameKey), asc(people.id)];
  const looked = db
    .select({ ...told, nameKey: key })
    .from(people)
    .where(here)
    .orderBy(...order)
    .limit(mostLookedAt)
    .as("looked");
  const texts = sql`coalesce(${looked.name}, '') || char(10) || coalesce(${looked.email}, '') || char(10) || coalesce(${looked.account}, '')`;
  const [rows, [last]] = await read(() =>
    db.batch([
      db
        .select()
        .from(looked)
        .where(sql`instr(lower(${texts}), lower(${search})) > 0`)
        .orderBy(asc(looked.nameKey), asc(looked.id))
        .limit(limit),
      db
        .select({ nameKey: key, id: people.id })
        .from(people)
        .where(here)
        .orderBy(...order)
        .limit(1)
        .offset(mostLookedAt - 1),
    ]),
  );
  return {
    rows,
    stoppedAt: rows.length < limit && last !== undefined ? [last.nameKey, last.id] : undefined,
  };
}

/** Which of these nobody else has; the index decides between requests at the same time. */
export async function othersWith(
  db: Db,
  { account, email }: Pick<Partial<PersonFacts>, "account" | "email">,
  except: string,
): Promise<("account" | "email")[]> {
  const [byAccount, byEmail] = await read(() =>
    db.batch([
      db
        .select({ id: people.id })
        .from(people)
        .where(sql`${people.accountKey} = lower(${account ?? null})`),
      db
        .select({ id: people.id })
        .from(people)
        .where(sql`${people.emailKey} = lower(${email ?? null})`),
    ]),
  );
  const isOther = (rows: readonly { id: string }[]) => rows.some(({ id }) => id !== except);
  return [
    ...(isOther(byAccount) ? (["account"] as const) : []),
    ...(isOther(byEmail) ? (["email"] as const) : []),
  ];
}

/** The index refused a second person with this account or address. */
export const isTaken = (fault: unknown): boolean => /UNIQUE constraint failed/.test(causeMessage(fault));

export const insertPerson = (db: Db, row: PersonRow): Statement => db.insert(people).values(row);

export const changePerson = (
  db: Db,
  id: string,
  columns: Partial<Omit<PersonRow, "id" | "createdAt">>,
): Statement => db.update(people).set(columns).where(eq(people.id, id));

/** The row, and the name in what sign-ins gave. Which devices were the person's the job clears (`unlinkDevices`). */
export const erasePerson = (db: Db, { id, account }: PersonRow): Statement[] => [
  db.delete(people).where(eq(people.id, id)),
  ...(account === null
    ? []
    : [
        db
          .update(accountGrants)
          .set({ person: sql`json_set(${accountGrants.person}, '$.name', NULL)` })
          .where(eq(accountGrants.account, account)),
      ]),
];

/** The next devices of a person, by id. */
export async function devicesOfPerson(
  db: Db,
  personId: string,
  limit: number,
  after: string,
): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ id: devices.id })
      .from(devices)
      .where(and(eq(devices.personId, personId), sql`${devices.id} > ${after}`))
      .orderBy(asc(devices.id))
      .limit(limit),
  );
  return rows.map(({ id }) => id);
}

/** Only while there is no such person: one cannot come back under the same id. */
export const unlinkDevices = (db: Db, personId: string, ids: readonly string[]): Statement =>
  db
    .update(devices)
    .set({ personId: null })
    .where(
      and(
        inArray(devices.id, among(ids)),
        eq(devices.personId, personId),
        sql`NOT EXISTS (SELECT 1 FROM people WHERE id = ${personId})`,
      ),
    );
