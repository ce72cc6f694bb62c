import * as v from "valibot";
import { languages } from "../../base/languages.ts";

// Who gets mail, when, and in which language.

const mailAddress = v.pipe(
  v.string(),
  v.email("must be an address such as it@example.com"),
  v.maxLength(254),
);

export const mailEntries = {
  mail_from: v.optional(
    v.pipe(
      v.nullable(mailAddress),
      v.description("The address that mail is from, which the platform must know; null: no mail is sent"),
    ),
    null,
  ),
  mail_to: v.optional(
    v.pipe(v.array(mailAddress), v.maxLength(20), v.description("Who gets messages about problems")),
    [],
  ),
  mail_language: v.optional(v.pipe(v.picklist(languages), v.description("The language of mail")), "en"),
  mail_digest_hour: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23))),
      v.description("The hour (UTC) after which the list of problems is sent each day; null: never"),
    ),
    6,
  ),
} as const;
