import type { Context } from "hono";
import { loadSettings } from "../../../admin/settings.ts";
import { sendMail } from "../../../mail/client.ts";
import type { Sender } from "../../../mail/compose.ts";
import { type Message, senderName } from "../../../mail/message.ts";
import { publicOrigin } from "../../origin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { problem } from "../route/problem.ts";

export type PostOffice = {
  sender: Sender;
  send: (to: string, message: Message) => Promise<{ sent: boolean; trouble: string | null }>;
};

/** What a route sends mail by; or the answer to give where this deployment sends none. */
export async function postOffice(
  c: Context<ApiEnv>,
  language: Sender["language"] | undefined,
): Promise<PostOffice | Response> {
  const post = await openPostOffice(c, language);
  return typeof post === "string" ? problem(c, "conflict", post) : post;
}

/** A sentence instead: this deployment sends no mail. */
export async function openPostOffice(
  c: Context<ApiEnv>,
  language: Sender["language"] | undefined,
): Promise<PostOffice | string> {
  const settings = await loadSettings(c.env, Date.now());
  const { mail_from: email, mail_language, organization } = settings;
  if (c.env.EMAIL === undefined || email === null) {
    const lacks = c.env.EMAIL === undefined ? "the binding EMAIL" : "the setting mail_from";
    return `this deployment sends no mail: ${lacks} is missing (docs/mail.md)`;
  }
  const sender = {
    organization,
    host: new URL(publicOrigin(c)).host,
    language: language ?? mail_language,
  };
  const from = { name: senderName(organization), email };
  return {
    sender,
    async send(to, message) {
      const given = await sendMail(c.env, { from, to, ...message });
      return { sent: given.ok, trouble: given.ok ? null : given.refusal.detail };
    },
  };
}
