import type { Words } from "./words.ts";

export const de: Words = {
  locale: "de-DE",
  title: (organization) => `Gerät bei ${organization} anmelden`,
  heading: (organization) => `Dieses Gerät von ${organization} verwalten lassen`,
  button: "Profil laden",
  intro: (organization, host) =>
    `Sobald das Profil installiert ist, kann ${organization} das Gerät über ${host} einrichten und betreuen. Lesen Sie unten, was das bedeutet.`,
  scan: "Für ein iPhone oder iPad: diesen Code mit dessen Kamera scannen. Für diesen Mac: den Knopf benutzen.",
  elsewhere:
    "Nur Apple-Geräte können angemeldet werden. Scannen Sie diesen Code mit der Kamera Ihres iPhone oder iPad, oder öffnen Sie diese Seite auf Ihrem Mac.",
  qr: "QR-Code mit der Adresse dieser Seite",
  notForUse: "Nicht zum Gebrauch.",
  placeholder:
    "Das Push-Thema ist ein Platzhalter: Kein Push erreicht dieses Gerät. Laden Sie ein Push-Zertifikat hoch oder setzen Sie mdm.Topic, bevor Sie echte Geräte anmelden.",
  sees: (organization) => `${organization} kann sehen`,
  does: (organization) => `${organization} kann`,
  rights: {
    16: "Name, Modell, Seriennummer, Systemversion und freien Speicher des Geräts",
    32: "Telefonnummer, Mobilfunkanbieter und Netzwerkadressen",
    256: "welche Apps installiert sind",
    1: "welche Konfigurationsprofile installiert sind",
    64: "welche Bereitstellungsprofile für eigene Apps installiert sind",
    512: "welche Einschränkungen gelten",
    1024: "ob es einen Code hat und verschlüsselt ist",
    2: "es mit Profilen einrichten: WLAN, VPN, E-Mail, Zertifikate, Regeln für den Code und Einschränkungen",
    4096: "Apps installieren und die so installierten entfernen",
    2048: "Einstellungen ändern, zum Beispiel Name oder Roaming",
    128: "Bereitstellungsprofile für eigene Apps hinzufügen und entfernen",
    4: "es sperren und seinen Code entfernen",
    8: "alles auf ihm löschen",
  },
  userSees: [
    "Name, Modell, Systemversion, freien Speicher und Ladezustand des Geräts",
    "die Apps, Accounts und Profile, die dabei installiert wurden",
    "ob der Code die Regeln erfüllt",
  ],
  userDoes: [
    "Accounts, Apps und Einstellungen für die Arbeit hinzufügen, getrennt von Ihren eigenen",
    "einen sechsstelligen Code verlangen",
    "den Bildschirm eines iPhone oder iPad sperren",
    "das Hinzugefügte wieder entfernen",
  ],
  privacy:
    "Die Geräteverwaltung selbst liest keine Nachrichten, Fotos oder Anrufe. Was sie installiert, steht jederzeit in den Einstellungen des Geräts.",
  removable: "Wer das Profil dort entfernt, beendet die Verwaltung.",
  consent: "Dem stimmen Sie zu",
  until: (time) => `Dieser Link gilt bis ${time}.`,
  contact: "Fragen?",
  after: "Nach dem Laden",
  steps: {
    iphone: {
      title: "iPhone, iPad oder Vision Pro",
      steps: [
        "Diese Seite in Safari öffnen und auf „Profil laden“ tippen, dann auf „Zulassen“.",
        "„Einstellungen“ öffnen und oben auf „Profil geladen“ oder „Bei … anmelden“ tippen. Falls es dort fehlt: „Allgemein“, dann „VPN und Geräteverwaltung“.",
        "Auf „Installieren“ tippen und den Code eingeben. Den Text lesen und noch einmal auf „Installieren“ tippen.",
        "Auf „Vertrauen“ tippen, dann auf „Fertig“.",
      ],
    },
    mac: {
      title: "Mac",
      steps: [
        "Auf „Profil laden“ klicken. Falls der Browser fragt: den Download erlauben und die Datei öffnen.",
        "„Systemeinstellungen“ öffnen, dann „Allgemein“, dann „Geräteverwaltung“ (vor macOS 15: „Datenschutz & Sicherheit“, dann „Profile“).",
        "Das Profil doppelklicken und auf „Installieren“ oder „Registrieren“ klicken.",
        "Das Passwort eines Administrators dieses Mac eingeben.",
      ],
    },
    tv: {
      title: "Apple TV",
      steps: [
        "Apple TV hat keinen Browser: Es braucht die Adresse des Profils, also die Adresse hinter „Profil laden“.",
        "„Einstellungen“ öffnen, dann „Allgemein“, dann „Datenschutz & Sicherheit“. Zu „Apple TV-Analyse teilen“ gehen, ohne zu drücken.",
        "Auf der Fernbedienung „Wiedergabe/Pause“ drücken, „Profil hinzufügen“ wählen und die Adresse eingeben.",
        "„Installieren“ wählen und bestätigen. Apple Configurator auf einem Mac kann es auch installieren.",
      ],
    },
  },
  problems: {
    unknown: {
      title: "Dieser Link ist nicht bekannt",
      why: "Vielleicht fehlt ein Teil davon.",
      next: "Öffnen Sie ihn noch einmal aus der Nachricht, oder scannen Sie den Code erneut. Hilft das nicht, bitten Sie um einen neuen.",
    },
    expired: {
      title: "Dieser Link ist abgelaufen",
      why: "Er galt nur für eine gewisse Zeit.",
      next: "Bitten Sie die Person, die ihn geschickt hat, um einen neuen.",
    },
    "used-up": {
      title: "Dieser Link wurde schon benutzt",
      why: "Er galt für eine Anzahl von Geräten, und diese sind angemeldet.",
      next: "Wenn Sie das Profil gerade geladen haben, machen Sie in den Einstellungen weiter. Sonst bitten Sie um einen neuen Link.",
    },
    revoked: {
      title: "Dieser Link wurde zurückgezogen",
      why: "Wer ihn erstellt hat, hat ihn zurückgenommen.",
      next: "Bitten Sie um einen neuen, wenn Sie noch einen brauchen.",
    },
    "no-code": {
      title: "Sie brauchen eine Einladung",
      why: "Geräte werden mit einem Link oder QR-Code angemeldet, den die Organisation ausgibt.",
      next: "Bitten Sie die Menschen darum, die Ihre Geräte betreuen.",
    },
    "not-ready": {
      title: "Dieser Server kann noch keine Geräte anmelden",
      why: "In seinen Einstellungen fehlt noch etwas. Ihr Link bleibt gültig.",
      next: "Sagen Sie es den Menschen, die Ihnen den Link geschickt haben, und versuchen Sie es später noch einmal.",
    },
    "too-old": {
      title: "Dieses System ist zu alt",
      why: "Ihre Organisation nimmt nur Geräte auf, deren System sich bei Apple ausweisen kann.",
      next: "Aktualisieren Sie das Gerät unter „Einstellungen“, „Allgemein“, „Softwareupdate“, und öffnen Sie den Link noch einmal. Er bleibt gültig.",
    },
    fault: {
      title: "Das hat nicht geklappt",
      why: "Auf dem Server ist etwas schiefgegangen. Ihr Link bleibt gültig.",
      next: "Versuchen Sie es in einer Minute noch einmal.",
    },
  },
};
