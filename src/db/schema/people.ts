import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** People whom devices belong to (`devices.person_id`): from sign-ins, and from administrators. */
export const people = sqliteTable(
  "people",
  {
    id: text("id").primaryKey(),
    /** The Managed Apple Account, or the one that a provider knows the person by. */
    account: text("account"),
    email: text("email"),
    name: text("name"),
    department: text("department"),
    /** Who vouched for the person at the last sign-in, and how the person is called there. */
    issuer: text("issuer"),
    subject: text("subject"),
    signedInAt: integer("signed_in_at"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    // In whatever case, as people type them; nothing of these is stored but the indexes.
    accountKey: text("account_key").generatedAlwaysAs(sql`(lower(account))`),
    emailKey: text("email_key").generatedAlwaysAs(sql`(lower(email))`),
    departmentKey: text("department_key").generatedAlwaysAs(sql`(lower(department))`),
    nameKey: text("name_key").generatedAlwaysAs(sql`(lower(coalesce(name, '')))`),
  },
  (table) => [
    // the person with this account or address, of whom there is one
    uniqueIndex("people_account").on(table.accountKey),
    uniqueIndex("people_email").on(table.emailKey),
    // the list in the order of names
    index("people_name").on(table.nameKey, table.id),
    // the people of a department, in the order of names; also whose devices are in a department
    index("people_department").on(table.departmentKey, table.nameKey, table.id),
  ],
);
