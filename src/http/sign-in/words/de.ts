import type { SignInWords } from "./sign-in-words.ts";

export const words: SignInWords = {
  locale: "de-DE",
  invitation: {
    title: "Sie sind zur Verwaltung eingeladen",
    intro: (organization, inviter) =>
      inviter === undefined
        ? `Sie sind zur Geräteverwaltung von ${organization} eingeladen.`
        : `${inviter} lädt Sie zur Geräteverwaltung von ${organization} ein.`,
    address: "Für",
    role: "Sie können dann",
    roles: {
      viewer: "Geräte, Profile und Einstellungen sehen",
      helpdesk: "Geräte, Profile und Einstellungen sehen und bei einzelnen Geräten helfen",
      operator: "Geräte, Profile und Befehle verwalten",
      admin: "alles, auch anderen Zugang geben",
    },
    until: "Die Einladung gilt bis",
    signIn: "Anmelden und annehmen",
    signInHow:
      "Melden Sie sich mit dem Konto dieser Adresse an. Mit der Anmeldung ist die Einladung aufgebraucht.",
    accept: "Annehmen und Token anzeigen",
    acceptHow: (days) =>
      `Sie bekommen ein API-Token, das ${days === 1 ? "einen Tag" : `${days} Tage`} gilt. Es wird einmal angezeigt: Halten Sie einen sicheren Ort dafür bereit.`,
    notYou:
      "Ist das nicht Ihre Adresse, schließen Sie diese Seite und sagen Sie der Person Bescheid, die Sie eingeladen hat.",
  },
  token: {
    title: "Ihr Token",
    actsFor: (name, until) => `Es handelt in Ihrem Namen (${name}) bis ${until}.`,
    label: "API-Token",
    once: "Diese Seite zeigt es nur einmal.",
    use: "Senden Sie es als",
    end: "Beenden Sie es, wenn Sie fertig sind, mit",
  },
};
