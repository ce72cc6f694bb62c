import type { Role } from "../../admin/roles.ts";

/** What messages say around the facts. `problems/words` has the words of the problems themselves. */
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
    devices: (count: number, written: string) => string;
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
  /** To somebody who shall administer. */
  colleague: {
    subject: (organization: string) => string;
    intro: (organization: string, inviter: string) => string;
    role: Readonly<Record<Role, string>>;
    button: string;
    until: (moment: string) => string;
    footer: (inviter: string) => string;
  };
  test: { subject: (organization: string) => string; body: (host: string) => string };
};
