import type { MailWords } from "./mail-words.ts";

export const en: MailWords = {
  locale: "en-GB",
  problems: {
    urgentSubject: (organization, count) =>
      `${organization}: ${count === 1 ? "one urgent problem" : `${count} urgent problems`} of the device management`,
    digestSubject: (organization, count) =>
      `${organization}: ${count === 1 ? "one problem" : `${count} problems`} of the device management`,
    urgentIntro: "This does not work, or will stop working within a week:",
    digestIntro: "These are the open problems, the most urgent first:",
    urgency: { urgent: "Urgent", soon: "Soon", notice: "Notice" },
    todo: "What to do",
    since: (date) => `since ${date}`,
    devices: (count, written) => (count === 1 ? "1 device" : `${written} devices`),
    more: (count) => `and ${count} more`,
    footer: (host) => `Sent by the device management at ${host} to the addresses of the setting mail_to.`,
  },
  invitation: {
    subject: (organization) => `${organization}: enroll your device`,
    intro: (organization) =>
      `${organization} invites you to have your iPhone, iPad or Mac managed. Open this link on the device, in Safari:`,
    button: "Enroll the device",
    where: "The page says what the management can see and change before anything is installed.",
    until: (date) => `The link is good until ${date}.`,
    footer: (organization) =>
      `The link is meant for you: do not pass it on. If you did not expect this message, ask ${organization} before you open it.`,
  },
  colleague: {
    subject: (organization) => `${organization}: help to manage its devices`,
    intro: (organization, inviter) =>
      `${inviter} invites you to the device management of ${organization}. Open this link to accept:`,
    role: {
      viewer: "You will be able to view devices, profiles and settings.",
      helpdesk:
        "You will be able to view devices, profiles and settings, and to help with one device at a time.",
      operator: "You will be able to manage devices, profiles and commands.",
      admin: "You will be able to do everything, including giving others access.",
    },
    button: "View the invitation",
    until: (moment) => `The link is good once, until ${moment}.`,
    footer: (inviter) =>
      `The link is meant for you: do not pass it on. If you did not expect this message, ask ${inviter} before you open it.`,
  },
  test: {
    subject: (organization) => `${organization}: a test of the device management`,
    body: (host) => `Messages of the device management at ${host} reach this address.`,
  },
};
