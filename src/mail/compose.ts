import type { Role } from "../admin/roles.ts";
import type { Language } from "../base/languages.ts";
import type { ProblemRow } from "../db/problems.ts";
import { mostUrgentFirst } from "../problems/reconcile.ts";
import type { Speaker } from "../problems/words/speak.ts";
import { type Message, messageOf, type Part } from "./message.ts";
import { wordsIn } from "./words/words.ts";

/** What the messages say: pure, from rows and settings. */
export type Sender = { organization: string; host: string; language: Language };

/** A message of many pages is read by nobody; the API has all of them. */
const mostShown = 30;

export function problemsMessage(
  kind: "urgent" | "digest",
  rows: readonly ProblemRow[],
  { organization, host, language }: Sender,
  speaker: Speaker,
): Message {
  const { problems: words, locale } = wordsIn[language];
  const subject = kind === "urgent" ? words.urgentSubject : words.digestSubject;
  const sorted = rows.toSorted(mostUrgentFirst);
  const rest = sorted.length - mostShown;
  return messageOf(language, subject(organization, rows.length), [
    { kind: "text", text: kind === "urgent" ? words.urgentIntro : words.digestIntro },
    ...sorted.slice(0, mostShown).flatMap((row): Part[] => {
      const { title, means, todo } = speaker(row);
      const about = [
        words.urgency[row.urgency],
        words.since(dateIn(locale, row.openedAt)),
        ...(row.devices === null ? [] : [words.devices(row.devices, numberIn(locale, row.devices))]),
      ];
      return [
        { kind: "heading", text: title },
        { kind: "small", text: about.join(" · ") },
        { kind: "text", text: means },
        { kind: "text", text: `${words.todo}: ${todo}` },
      ];
    }),
    ...(rest > 0 ? [{ kind: "text" as const, text: words.more(rest) }] : []),
    { kind: "small", text: words.footer(host) },
  ]);
}

export function invitationMessage(
  { url, expiresAt }: { url: string; expiresAt: number },
  { organization, language }: Sender,
): Message {
  const { invitation: words, locale } = wordsIn[language];
  return messageOf(language, words.subject(organization), [
    { kind: "text", text: words.intro(organization) },
    { kind: "link", label: words.button, url },
    { kind: "text", text: words.where },
    { kind: "text", text: words.until(dateIn(locale, expiresAt)) },
    { kind: "small", text: words.footer(organization) },
  ]);
}

/** To a colleague who shall administer. The code is in the link, and the link in this message alone. */
export function colleagueMessage(
  {
    url,
    role,
    invitedBy,
    expiresAt,
  }: { url: string; role: Role; invitedBy: string | null; expiresAt: number },
  { organization, language }: Sender,
): Message {
  const { colleague: words, locale } = wordsIn[language];
  const inviter = invitedBy ?? organization;
  return messageOf(language, words.subject(organization), [
    { kind: "text", text: words.intro(organization, inviter) },
    { kind: "link", label: words.button, url },
    { kind: "text", text: words.role[role] },
    { kind: "text", text: words.until(momentIn(locale, expiresAt)) },
    { kind: "small", text: words.footer(inviter) },
  ]);
}

export function testMessage({ organization, host, language }: Sender): Message {
  const { test: words } = wordsIn[language];
  return messageOf(language, words.subject(organization), [{ kind: "text", text: words.body(host) }]);
}

const numberIn = (locale: string, count: number): string => new Intl.NumberFormat(locale).format(count);

const momentIn = (locale: string, at: number): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(at) +
  " (UTC)";

const dateIn = (locale: string, at: number): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(at);
