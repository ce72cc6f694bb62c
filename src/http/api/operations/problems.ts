import { Hono } from "hono";
import * as v from "valibot";
import { loadSettings, patchSettings } from "../../../admin/settings.ts";
import { sameSecret, toBase64Url } from "../../../base/bytes.ts";
import { type Language, languageAsked, languages } from "../../../base/languages.ts";
import { listProblems, type ProblemRow } from "../../../db/problems.ts";
import { calendarOf } from "../../../problems/calendar.ts";
import { mostUrgentFirst } from "../../../problems/reconcile.ts";
import { type Speaker, speakerOf } from "../../../problems/words/speak.ts";
import { deviceAddress } from "../../origin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem as refusal } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { query } from "../route/validate.ts";

const urgencies = ["urgent", "soon", "notice"] as const;

const Problem = v.pipe(
  v.object({
    code: v.string(),
    subject: v.pipe(
      v.string(),
      v.description("What it concerns: an id, a topic or a name; empty: there is only one"),
    ),
    urgency: v.picklist(urgencies),
    title: v.string(),
    means: v.pipe(v.string(), v.description("What it means")),
    what_to_do: v.string(),
    devices: v.pipe(
      v.nullable(v.pipe(v.number(), v.integer())),
      v.description(
        "How many devices it affects, counted up to ten thousand; null: it does not concern particular devices",
      ),
    ),
    ends_at: v.pipe(TimeOrNull, v.description("When something that still works will end")),
    since: v.pipe(Time, v.description("When it was first found")),
    facts: v.record(v.string(), v.nullable(v.union([v.string(), v.number()]))),
  }),
  v.title("ProblemEntry"),
);

const LanguageWish = v.optional(
  v.pipe(v.picklist(languages), v.description("Of the texts; else the header Accept-Language decides")),
);

/** Everything that will end, is broken, or needs a person to act. */
export const problemList = new Hono<ApiEnv>();

problemList.get(
  "/problems",
  describeRoute(
    "List what will end, is broken or needs a person to act, most urgent first",
    { 200: v.object({ items: v.array(Problem), next_cursor: v.null() }) },
    {
      detail:
        "The jobs `problems` (hourly) and `fleet-problems` (daily) update the list; they can be started by hand. `title`, `means` and `what_to_do` are in the language of the query or of Accept-Language, which Content-Language names. See docs/problems.md.",
    },
  ),
  allow("viewer"),
  query({ urgency: v.optional(v.picklist(urgencies)), code: v.optional(v.string()), language: LanguageWish }),
  async (c) => {
    const { urgency, code, language: wish } = c.req.valid("query");
    const language = wish ?? languageAsked(c.req.header("Accept-Language"));
    const speaker = await speakerOf(language);
    const rows = (await listProblems(c.var.db)).filter(
      (row) => (urgency ?? row.urgency) === row.urgency && (code ?? row.code) === row.code,
    );
    const items = rows.sort(mostUrgentFirst).map((row) => present(row, speaker));
    return c.json({ items, next_cursor: null }, 200, spokenIn(language));
  },
);

problemList.post(
  "/problems/calendar",
  describeRoute(
    "Make an address for the calendar of problems; the earlier address stops working",
    { 200: v.pipe(v.object({ url: v.string() }), v.title("ProblemCalendar")) },
    {
      detail:
        'Anyone who has the address can read the problems that have a date. Withdraw it with PATCH /api/v1/settings and {"calendar_key": null}.',
    },
  ),
  allow("admin"),
  query({ language: v.optional(v.pipe(v.picklist(languages), v.description("Of the calendar"))) }),
  async (c) => {
    const { language } = c.req.valid("query");
    const key = toBase64Url(crypto.getRandomValues(new Uint8Array(24)));
    await patchSettings(c.env, { calendar_key: key }, Date.now());
    const { origin } = deviceAddress(c);
    const wish = language === undefined ? "" : `&language=${language}`;
    return c.json({ url: `${origin}/api/v1/problems.ics?key=${key}${wish}` });
  },
);

problemList.get(
  "/problems.ics",
  describeRoute(
    "Read the problems that have a date as a calendar",
    { 200: "iCalendar (RFC 5545)" },
    {
      tag: "problems",
      answerTypes: { "text/calendar": "iCalendar (RFC 5545)" },
      problems: ["not-found"],
      detail:
        "For programs that cannot send a token: the key in the address gives access to this calendar and nothing else.",
    },
  ),
  query({
    key: v.optional(v.pipe(v.string(), v.maxLength(100)), ""),
    language: v.optional(v.pipe(v.picklist(languages), v.description("Of the entries")), "en"),
  }),
  async (c) => {
    const now = Date.now();
    const { calendar_key: kept } = await loadSettings(c.env, now);
    const { key, language } = c.req.valid("query");
    if (kept === null || !(await sameSecret(kept, key)))
      return refusal(c, "not-found", "there is no calendar at this address; ask for a new one");
    const rows = (await listProblems(c.var.db)).sort(mostUrgentFirst);
    const reader = { language, speaker: await speakerOf(language) };
    return c.body(calendarOf(rows, new URL(c.req.url).hostname, now, reader), 200, {
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Language": language,
    });
  },
);

const spokenIn = (language: Language) => ({ "Content-Language": language, Vary: "Accept-Language" });

function present(row: ProblemRow, speaker: Speaker): v.InferInput<typeof Problem> {
  const { title, means, todo } = speaker(row);
  return {
    code: row.code,
    subject: row.subject,
    urgency: row.urgency,
    title,
    means,
    what_to_do: todo,
    devices: row.devices,
    ends_at: isoTimeOrNull(row.endsAt),
    since: isoTime(row.openedAt),
    facts: row.facts,
  };
}
