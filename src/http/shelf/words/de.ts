import type { ShelfWords } from "./shelf-words.ts";

const ask = "Fragen Sie die Leute, die sich um Ihre Geräte kümmern.";

export const words: ShelfWords = {
  locale: "de-DE",
  title: (organization) => `Selbstbedienung von ${organization}`,
  heading: "Wählen Sie, was Sie brauchen",
  intro: (organization, device) =>
    `${organization} bietet das für ${device} an. Was Sie hier installieren oder entfernen, ändert nur dieses Gerät.`,
  thisDevice: "dieses Gerät",
  empty: "Für dieses Gerät wird zurzeit nichts angeboten.",
  kinds: { profile: "Einstellungen", declaration: "Einstellungen", app: "App" },
  states: {
    available: "Nicht installiert",
    installing: (since) => `Wird installiert, angefordert ${since}`,
    waiting_for_licence: "Wartet auf eine Lizenz",
    waiting_for_person: "Wartet auf Sie",
    installed: "Installiert",
    failed: "Nicht installiert: Es hat nicht funktioniert",
    not_applicable: "Nicht für dieses Gerät",
    removing: (since) => `Wird entfernt, angefordert ${since}`,
  },
  help: {
    installing: "Lassen Sie das Gerät eingeschaltet und mit dem Internet verbunden.",
    waiting_for_licence: "Alle Lizenzen sind vergeben. Es geht von selbst weiter, sobald eine frei ist.",
    waiting_for_person:
      "Ihr Gerät fragt Sie etwas: Achten Sie auf eine Meldung auf dem Bildschirm und stimmen Sie zu.",
    failed: `Der Server versucht es von selbst noch einmal. Bleibt es so: ${ask}`,
    not_applicable:
      "Diese Art Gerät oder sein System kann das nicht verwenden. Sie können Ihre Wahl zurücknehmen.",
    removing: "Lassen Sie das Gerät eingeschaltet und mit dem Internet verbunden.",
  },
  install: "Installieren",
  remove: "Entfernen",
  cancel: "Abbrechen",
  of: (button, name) => `${button}: ${name}`,
  again: "Noch einmal nachsehen",
  reloads: "Diese Seite erneuert sich von selbst, solange etwas im Gange ist.",
  contact: "Fragen?",
  link: {
    title: "Dieser Link funktioniert nicht",
    why: "Er ist unvollständig, wurde durch einen neuen ersetzt, oder das Gerät wird nicht mehr verwaltet.",
    next: `Öffnen Sie die Seite mit dem Symbol auf Ihrem Gerät. Gibt es keines oder hilft das nicht: ${ask}`,
  },
  notOffered: {
    title: "Das wird nicht mehr angeboten",
    why: "Es wurde inzwischen geändert. Nichts wurde installiert oder entfernt.",
    next: "Gehen Sie zurück zur Liste, um zu sehen, was jetzt angeboten wird.",
  },
  elsewhere: {
    title: "Bitte wählen Sie noch einmal auf der Seite selbst",
    why: "Die Anfrage kam von einer anderen Seite, deshalb wurde nichts geändert.",
    next: "Gehen Sie zurück zur Liste und wählen Sie dort.",
  },
  busy: {
    title: "Zu viele Anfragen",
    why: "Innerhalb einer Minute kamen zu viele Anfragen. Diese hat nichts geändert.",
    next: "Warten Sie eine Minute und versuchen Sie es dann noch einmal.",
  },
  fault: {
    title: "Das geht gerade nicht",
    why: "Der Server hat ein Problem. Es ist nichts verloren.",
    next: "Versuchen Sie es in ein paar Minuten noch einmal.",
  },
  back: "Zurück zur Liste",
};
