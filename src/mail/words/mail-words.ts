import type { mailLanguages } from "../../admin/entries/mail.ts";

export type Language = (typeof mailLanguages)[number];

/** What messages say around the facts. Problems themselves are in English, as in the API: `problems/codes.ts` has their words. */
export type MailWords = {
  locale: string;
  problems: {
    urgentSubject: (organization: string, count: number) => string;
    digestSubject: (organization: string, count: number) => string;
    urgentIntro: string;
    digestIntro: string;
    urgency: { urgent: string; soon: string; notice: string };
    todo: string;
    since: (date: string) => string;
    devices: (count: number) => string;
    more: (count: number) => string;
    /** Below the list: why it comes, and where to end it. */
    footer: (host: string) => string;
  };
  invitation: {
    subject: (organization: string) => string;
    intro: (organization: string) => string;
    button: string;
    where: string;
    until: (date: string) => string;
    footer: (organization: string) => string;
  };
  test: { subject: (organization: string) => string; body: (host: string) => string };
};
