import type { SignInWords } from "./sign-in-words.ts";

const ask = "Sagen Sie es denen, die Ihre Geräte betreuen.";
const misconfigured = (why: string) => ({ title: "Die Anmeldung funktioniert noch nicht", why, next: ask });

export const words: SignInWords = {
  locale: "de-DE",
  code: {
    title: (organization) => `Anmelden bei ${organization}`,
    heading: "Mit Ihrer Einladung anmelden",
    ask: (organization) =>
      `Geben Sie den Code ein, den Sie von ${organization} bekommen haben. Er steht am Ende des Links der Einladung, nach code=.`,
    wrong: "Dieser Code gilt nicht.",
    wrongHelp:
      "Er kann vertippt, benutzt, abgelaufen oder zurückgezogen sein. Wenn es kein Tippfehler ist, bitten Sie um einen neuen.",
    label: "Code",
    next: "Weiter",
  },
  refusals: {
    cancelled: {
      title: "Sie haben sich nicht angemeldet",
      why: "Die Anmeldung wurde abgebrochen, oder Ihre Organisation erlaubt sie hierfür nicht.",
      next: "Versuchen Sie es noch einmal, oder fragen Sie die, die Ihre Geräte betreuen.",
    },
    "provider-refused": misconfigured(
      "Der Anmeldedienst Ihrer Organisation hat die Anfrage dieses Servers abgelehnt.",
    ),
    "provider-unreachable": {
      title: "Der Anmeldedienst antwortet nicht",
      why: "Der Anmeldedienst Ihrer Organisation ist gerade nicht erreichbar. Nichts ist verloren.",
      next: "Versuchen Sie es in einer Minute noch einmal.",
    },
    "provider-misbehaves": misconfigured(
      "Der Anmeldedienst Ihrer Organisation hat eine Antwort gegeben, die hier keinen Sinn ergibt.",
    ),
    "client-not-accepted": misconfigured(
      "Der Anmeldedienst Ihrer Organisation kennt diesen Server oder dessen Passwort nicht.",
    ),
    "state-unknown": {
      title: "Diese Anmeldung ist vorbei",
      why: "Sie wurde vor zu langer Zeit begonnen, oder ein Teil der Adresse fehlt.",
      next: "Beginnen Sie dort noch einmal, wo Sie angefangen haben.",
    },
    "other-browser": {
      title: "Diese Anmeldung hat anderswo begonnen",
      why: "Sie wurde in einem anderen Browser oder auf einem anderen Gerät begonnen, oder dieser Browser behält keine Cookies.",
      next: "Beginnen Sie noch einmal, bleiben Sie in einem Fenster und erlauben Sie Cookies.",
    },
    "code-spent": {
      title: "Diese Anmeldung wurde schon benutzt",
      why: "Die Seite wurde zweimal geöffnet, oder es hat zu lange gedauert.",
      next: "Versuchen Sie es noch einmal.",
    },
    "token-invalid": {
      title: "Sie konnten nicht angemeldet werden",
      why: "Was der Anmeldedienst über Sie sagt, lässt sich nicht prüfen.",
      next: "Versuchen Sie es noch einmal. Wenn das nicht hilft, sagen Sie es denen, die Ihre Geräte betreuen.",
    },
    "clock-differs": misconfigured("Die Uhren dieses Servers und des Anmeldedienstes stimmen nicht überein."),
    "no-account": {
      title: "Ihr Konto ist nicht vollständig",
      why: "Der Anmeldedienst sagt nicht, unter welcher Adresse Ihre Organisation Sie kennt.",
      next: ask,
    },
    "domain-not-allowed": {
      title: "Dieses Konto gehört nicht zu dieser Organisation",
      why: "Sie haben sich mit einem Konto angemeldet, das hier nicht angenommen wird.",
      next: "Versuchen Sie es mit dem Konto Ihrer Arbeit oder Schule.",
    },
    "email-not-verified": {
      title: "Ihre Adresse ist nicht bestätigt",
      why: "Der Anmeldedienst weiß noch nicht, ob Ihre Adresse Ihnen gehört.",
      next: "Bestätigen Sie sie dort, und versuchen Sie es noch einmal.",
    },
    "access-missing": misconfigured(
      "Diese Seite muss über die Anmeldung Ihrer Organisation geöffnet werden, und das ist nicht geschehen.",
    ),
    "invitation-unknown": {
      title: "Dieser Code gilt nicht",
      why: "Er kann vertippt, benutzt, abgelaufen oder zurückgezogen sein.",
      next: "Wenn es kein Tippfehler ist, bitten Sie um einen neuen.",
    },
    "administrators-not-set": {
      title: "Administratoren melden sich hier nicht an",
      why: "Für sie ist kein Anmeldedienst eingerichtet. Sie benutzen API-Token.",
      next: "Bitten Sie einen Administrator um ein Token, oder darum, PUT /api/v1/sign-in/administrators zu setzen.",
    },
    "not-an-administrator": {
      title: "Sie sind hier nicht Administrator",
      why: "Sie sind angemeldet, aber keine Regel dieses Servers gibt Ihnen eine Rolle.",
      next: "Bitten Sie einen Administrator, Sie oder Ihre Gruppe in die Regeln aufzunehmen.",
    },
    "administrator-invitation-unknown": {
      title: "Diese Einladung gilt nicht",
      why: "Sie wurde benutzt, zurückgezogen oder ist zu alt, oder ein Teil des Links fehlt.",
      next: "Bitten Sie die Person, die Sie eingeladen hat, um eine neue.",
    },
    "administrator-invitation-of-another": {
      title: "Diese Einladung ist für eine andere Adresse",
      why: "Sie sind mit einer Adresse angemeldet, die nicht eingeladen oder nicht bestätigt ist.",
      next: "Melden Sie sich mit der Adresse an, an die die Einladung ging.",
    },
    "program-not-accepted": {
      title: "Diese Anmeldung kann nicht beginnen",
      why: "Das Programm, das diese Seite geöffnet hat, verlangt etwas, das hier nicht erlaubt ist.",
      next: "Aktualisieren Sie das Programm, oder nennen Sie den Autoren den Grund aus dem Protokoll.",
    },
    "invitation-without-account": {
      title: "Diese Einladung ist für niemand Bestimmten",
      why: "Sie nennt kein Konto, und hier ist eines nötig.",
      next: "Bitten Sie um eine Einladung, die auf Sie ausgestellt ist.",
    },
  },
  again: "Noch einmal versuchen",
  inLog: "Wer Ihnen hilft, findet dies im Protokoll:",
  fault: {
    title: "Das hat nicht funktioniert",
    why: "Auf dem Server ist etwas fehlgeschlagen.",
    next: "Versuchen Sie es in einer Minute noch einmal.",
  },
  administrator: {
    title: "Als Administrator anmelden",
    you: "Sie sind",
    role: "Rolle",
    lasts: "Für",
    hours: (hours) => `${hours} ${hours === 1 ? "Stunde" : "Stunden"}`,
    showsToken: "Diese Seite zeigt Ihnen dann ein API-Token.",
    console: "Die Konsole dieses Servers wird in Ihrem Namen handeln.",
    program: (host) =>
      `Ein Programm auf diesem Computer (${host}) möchte in Ihrem Namen handeln. Fahren Sie nur fort, wenn Sie es gerade selbst gestartet haben.`,
    next: "Weiter",
    stop: "Schließen Sie diese Seite, wenn Sie dies nicht begonnen haben.",
  },
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
  me: {
    title: (organization) => `Angemeldet bei ${organization}`,
    heading: "Sie sind angemeldet",
    name: "Name",
    account: "Verwalteter Apple Account",
    device: "Ein Gerät",
    yours: "Ihr eigenes, für die Arbeit benutzt",
    managed: (organization) => `Verwaltet von ${organization}`,
    since: (day) => `seit ${day}`,
    privacy: (organization) => `Was ${organization} sehen kann und was nicht`,
    signOut: "Abmelden",
    signedOut: "Sie sind abgemeldet",
    signedOutHelp:
      "Dieser Browser kennt Sie hier nicht mehr. Wenn andere ihn benutzen, schließen Sie auch seine Fenster.",
    signInAgain: "Wieder anmelden",
  },
  kept: {
    sees: (organization) => `${organization} kann nicht sehen`,
    does: (organization) => `${organization} kann nicht`,
    seen: [
      "Ihre eigenen Apps, auch nicht, welche Sie haben",
      "Ihre E-Mails, Nachrichten, Fotos, Kalender, Kontakte und Dokumente",
      "welche Webseiten Sie öffnen und wo das Gerät ist",
      "seine Seriennummer, Telefonnummer und andere Nummern, die sich nie ändern",
      "Ihren Code",
    ],
    done: [
      "das Gerät oder etwas von Ihnen löschen",
      "Ihren Code entfernen",
      "ändern, wie das Gerät für Sie funktioniert, über das hinaus, was oben steht",
      "verhindern, dass Sie es beenden: Entfernen Sie das Profil jederzeit in den Einstellungen, und alles, was zur Arbeit gehört, verschwindet mit ihm",
    ],
    management: "Die Geräteverwaltung selbst liest keine Nachrichten, Fotos oder Anrufe von Ihnen.",
  },
  before: {
    own: (organization) => `Dieses Gerät für ${organization} benutzen`,
    ownHelp:
      "Das Gerät bleibt Ihres. Was zur Arbeit gehört, wird von dem getrennt, was Ihnen gehört. Das bedeutet:",
    managed: (organization) => `Dieses Gerät von ${organization} verwalten lassen`,
    managedHelp: (organization) =>
      `Das Gerät wird von ${organization} eingerichtet und betreut. Das bedeutet:`,
    next: "Weiter zur Anmeldung",
    stop: "Noch ist nichts geschehen. Schließen Sie diese Seite, um abzubrechen.",
  },
  setup: {
    title: "Einrichtung",
    heading: "Das hat nicht funktioniert",
    notADevice: "Diese Seite wird von einem Gerät geöffnet, das gerade eingerichtet wird.",
    notApples: "Dieses Gerät konnte nicht zeigen, dass es von Apple ist.",
    tooMuch: "Dieses Gerät sagt zu viel über sich.",
    notHere: "Dieses Gerät kann hier nicht eingerichtet werden.",
    unknownDevice:
      "Dieses Gerät ist diesem Server nicht zugewiesen. Weisen Sie es in Apple Business zu, und versuchen Sie es noch einmal.",
    unpairedWatch:
      "Diese Watch ist nicht mit einem verwalteten iPhone gekoppelt. Entkoppeln Sie sie, und koppeln Sie sie neu.",
    notReady: "Dieser Server kann noch keine Geräte anmelden. Sagen Sie es denen, die Ihre Geräte betreuen.",
  },
};
