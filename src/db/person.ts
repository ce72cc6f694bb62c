import { and, eq, type SQL, type SQLWrapper, sql } from "drizzle-orm";

/**
 * Columns that hold a person as JSON, found by who vouches for whom. The index of such a column has the same two
 * expressions, letter by letter: SQLite uses it for no others.
 */
export const issuerIn = (person: SQLWrapper): SQL => sql`${person} ->> '$.issuer'`;
export const subjectIn = (person: SQLWrapper): SQL => sql`${person} ->> '$.subject'`;

export const isPerson = (
  person: SQLWrapper,
  { issuer, subject }: { issuer: string; subject: string },
): SQL | undefined => and(eq(issuerIn(person), issuer), eq(subjectIn(person), subject));
