import * as v from "valibot";
import type { PersonRow } from "../../../db/people.ts";
import { printableTrimmed } from "../route/printable.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";

/** People as the API writes and takes them. */
const text = v.nullable(v.string());

export const Person = v.pipe(
  v.object({
    id: v.string(),
    account: v.pipe(
      text,
      v.description(
        "The Managed Apple Account, or the account of the provider: a sign-in finds the person by it",
      ),
    ),
    email: text,
    name: text,
    department: text,
    signed_in_at: v.pipe(TimeOrNull, v.description("The last sign-in that enrolled a device, or was to")),
    created_at: Time,
    updated_at: Time,
  }),
  v.title("Person"),
);

const longest = 255;

const short = (description: string) =>
  v.pipe(
    v.string(),
    v.maxLength(longest),
    v.regex(printableTrimmed, "must be printable, without spaces at its ends"),
    v.description(description),
  );

const email = v.pipe(
  v.string(),
  v.email("must be an address such as ada@example.com"),
  v.maxLength(254),
  v.description("One person alone has it, in whatever case"),
);

const fields = {
  account: v.optional(v.nullable(short("The Managed Apple Account; one person alone has it"))),
  email: v.optional(v.nullable(email)),
  name: v.optional(v.nullable(short("As people call the person"))),
  department: v.optional(v.nullable(short("As in the filter `user_department`"))),
};

export const NewPerson = v.pipe(
  v.strictObject(fields),
  v.check(({ account, email }) => Boolean(account ?? email), "needs an account or an email"),
  v.title("NewPerson"),
);

export const PersonChange = v.pipe(v.strictObject(fields), v.title("PersonChange"));

export const presentPerson = (row: PersonRow): v.InferInput<typeof Person> => ({
  id: row.id,
  account: row.account,
  email: row.email,
  name: row.name,
  department: row.department,
  signed_in_at: isoTimeOrNull(row.signedInAt),
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});
