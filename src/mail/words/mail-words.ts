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
  test: { subject: (organization: string) => string; body: (host: string) => string };
};
