/** What a deployment that should send mail does not have. */
export const mailLacks = {
  binding: "no EMAIL binding ([[send_email]] in wrangler.toml)",
  sender: "the setting mail_from is not set",
} as const;

export type MailLack = keyof typeof mailLacks;

export const mailLackOf = (isBound: boolean, from: string | null): MailLack | null => {
  if (!isBound) return "binding";
  return from === null ? "sender" : null;
};
