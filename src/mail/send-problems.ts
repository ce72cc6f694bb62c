import { loadSettings } from "../admin/settings.ts";
import { hour, minute } from "../base/time.ts";
import { loadMailState, type MailState, saveMailState } from "../db/mail.ts";
import { openDb } from "../db/open.ts";
import { listProblems, type ProblemRow } from "../db/problems.ts";
import { readEnv } from "../env.ts";
import { speakerOf } from "../problems/words/speak.ts";
import { sendMail } from "./client.ts";
import { problemsMessage, type Sender } from "./compose.ts";
import { type Message, senderName } from "./message.ts";

/**
 * Which messages about problems are due, and sends them: what is urgent at once, and all of them once a day. The state is
 * written after the sending, so a message may come twice after an interruption, and none is lost.
 */
export type Due = { urgent: ProblemRow[]; digest: ProblemRow[] };

/** Pure. An urgent problem is sent whenever it is told: at its beginning, and with each reminder. */
export function dueNow(
  rows: readonly ProblemRow[],
  state: Pick<MailState, "urgentUntil" | "digestOn">,
  digestHour: number | null,
  now: number,
): Due {
  const urgent = rows.filter((row) => row.urgency === "urgent" && row.toldAt > state.urgentUntil);
  const isTime = digestHour !== null && new Date(now).getUTCHours() >= digestHour;
  return { urgent, digest: isTime && state.digestOn < dayOf(now) ? [...rows] : [] };
}

const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

const firstWaitMs = 5 * minute;
const longestWaitMs = 6 * hour;

export type Sent = { sent: number; trouble: string | null };

export async function sendProblems(env: Env, now: number): Promise<Sent> {
  const settings = await loadSettings(env, now);
  const { mail_from: from, mail_to: to } = settings;
  if (from === null || to.length === 0) return { sent: 0, trouble: null };
  const db = openDb(env.DB);
  const state = await loadMailState(db);
  const wait = Math.min(firstWaitMs * 2 ** Math.max(0, state.failures - 1), longestWaitMs);
  if (state.failures > 0 && now - state.triedAt < wait) return { sent: 0, trouble: state.trouble };
  const { urgent, digest } = dueNow(await listProblems(db), state, settings.mail_digest_hour, now);
  const sender = senderOf(env, settings);
  if (urgent.length + digest.length === 0) return { sent: 0, trouble: state.trouble };
  const speaker = await speakerOf(sender.language);
  const messages = [
    ...(urgent.length > 0 ? [problemsMessage("urgent", urgent, sender, speaker)] : []),
    ...(digest.length > 0 ? [problemsMessage("digest", digest, sender, speaker)] : []),
  ];
  const isDigestDue = settings.mail_digest_hour !== null && digest.length > 0;
  const given = await sendToAll(env, {
    from: { name: senderName(sender.organization), email: from },
    to,
    messages,
  });
  const isOut = given.sent > 0;
  await saveMailState(db, {
    urgentUntil: isOut
      ? Math.max(state.urgentUntil, ...urgent.map(({ toldAt }) => toldAt))
      : state.urgentUntil,
    digestOn: isOut && isDigestDue ? dayOf(now) : state.digestOn,
    failures: isOut ? 0 : state.failures + 1,
    triedAt: now,
    trouble: given.trouble,
  });
  return given;
}

export const senderOf = (
  env: Env,
  settings: { organization: string; mail_language: Sender["language"] },
): Sender => {
  const configuration = readEnv(env);
  const url = configuration.ok ? configuration.value.publicUrl : undefined;
  return {
    organization: settings.organization,
    host: url === undefined ? "edgemdm" : new URL(url).host,
    language: settings.mail_language,
  };
};

/** One by one: an address that is refused keeps nothing from the others. */
async function sendToAll(
  env: Env,
  {
    from,
    to,
    messages,
  }: { from: { name: string; email: string }; to: readonly string[]; messages: readonly Message[] },
): Promise<Sent> {
  let sent = 0;
  const troubles: string[] = [];
  for (const address of to) {
    for (const message of messages) {
      const given = await sendMail(env, { from, to: address, ...message });
      if (given.ok) sent++;
      else if (given.refusal.reason === "not-bound") return { sent, trouble: given.refusal.detail };
      else troubles.push(`${address}: ${given.refusal.detail}`);
    }
  }
  const trouble = [...new Set(troubles)].join("; ").slice(0, 500);
  return { sent, trouble: trouble === "" ? null : trouble };
}
