/**
 * The platform's binding for mail: takes what the real one takes, and refuses with its codes.
 * https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
 */
export type SentMail = { from: string; to: string; subject: string; text: string; html: string };

export class FakeMail {
  readonly sent: SentMail[] = [];
  /** Addresses that the account has verified; all others are refused. */
  readonly verified = new Set<string>();
  /** Set: every message fails with this code. */
  code: string | undefined;

  async send(message: EmailMessage | EmailMessageBuilder): Promise<EmailSendResult> {
    if (!("subject" in message)) throw coded("E_VALIDATION_ERROR", "raw messages are not faked");
    const { from, to, subject, text, html } = message;
    if (this.code) throw coded(this.code, "as the test wants");
    if (!subject || !text || !html) throw coded("E_FIELD_MISSING", "subject, text or html is missing");
    if (subject.length > 998 || /[\r\n]/.test(subject)) throw coded("E_HEADER_VALUE_INVALID", "the subject");
    const address = typeof from === "string" ? from : from.email;
    if (typeof from !== "string" && (Buffer.byteLength(from.name) > 100 || /[\r\n"<>]/.test(from.name)))
      throw coded("E_HEADER_VALUE_INVALID", "the name of the sender");
    if (typeof to !== "string") throw coded("E_VALIDATION_ERROR", "one recipient at a time is faked");
    if (!this.verified.has(to))
      throw coded("E_RECIPIENT_NOT_ALLOWED", "destination address is not a verified address");
    this.sent.push({ from: address, to, subject, text, html });
    return { messageId: crypto.randomUUID() };
  }
}

const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });
