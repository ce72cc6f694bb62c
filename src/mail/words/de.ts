import type { MailWords } from "./mail-words.ts";

export const de: MailWords = {
  locale: "de-DE",
  problems: {
    urgentSubject: (organization, count) =>
      `${organization}: ${count === 1 ? "ein dringendes Problem" : `${count} dringende Probleme`} der Geräteverwaltung`,
    digestSubject: (organization, count) =>
      `${organization}: ${count === 1 ? "ein Problem" : `${count} Probleme`} der Geräteverwaltung`,
    urgentIntro: "Dies funktioniert nicht, oder nur noch höchstens eine Woche:",
    digestIntro: "Das sind die offenen Probleme, die dringendsten zuerst:",
    urgency: { urgent: "Dringend", soon: "Bald", notice: "Hinweis" },
    todo: "Was zu tun ist",
    since: (date) => `seit ${date}`,
    devices: (count, written) => (count === 1 ? "1 Gerät" : `${written} Geräte`),
    more: (count) => `und ${count} weitere`,
    footer: (host) =>
      `Gesendet von der Geräteverwaltung auf ${host} an die Adressen der Einstellung mail_to.`,
  },
  invitation: {
    subject: (organization) => `${organization}: Melden Sie Ihr Gerät an`,
    intro: (organization) =>
      `${organization} lädt Sie ein, Ihr iPhone, iPad oder Ihren Mac verwalten zu lassen. Öffnen Sie diesen Link auf dem Gerät, in Safari:`,
    button: "Gerät anmelden",
    where: "Die Seite sagt, was die Verwaltung sehen und ändern kann, bevor etwas installiert wird.",
    until: (date) => `Der Link gilt bis ${date}.`,
    footer: (organization) =>
      `Der Link ist für Sie bestimmt: Geben Sie ihn nicht weiter. Wenn Sie diese Nachricht nicht erwartet haben, fragen Sie bei ${organization} nach, bevor Sie ihn öffnen.`,
  },
  colleague: {
    subject: (organization) => `${organization}: Helfen Sie, die Geräte zu verwalten`,
    intro: (organization, inviter) =>
      `${inviter} lädt Sie zur Geräteverwaltung von ${organization} ein. Öffnen Sie diesen Link, um anzunehmen:`,
    role: {
      viewer: "Sie können dann Geräte, Profile und Einstellungen sehen.",
      helpdesk: "Sie können dann Geräte, Profile und Einstellungen sehen und bei einzelnen Geräten helfen.",
      operator: "Sie können dann Geräte, Profile und Befehle verwalten.",
      admin: "Sie können dann alles, auch anderen Zugang geben.",
    },
    button: "Einladung ansehen",
    until: (moment) => `Der Link gilt einmal, bis ${moment}.`,
    footer: (inviter) =>
      `Der Link ist für Sie bestimmt: Geben Sie ihn nicht weiter. Wenn Sie diese Nachricht nicht erwartet haben, fragen Sie ${inviter}, bevor Sie ihn öffnen.`,
  },
  test: {
    subject: (organization) => `${organization}: ein Test der Geräteverwaltung`,
    body: (host) => `Nachrichten der Geräteverwaltung auf ${host} erreichen diese Adresse.`,
  },
};
