import { number, plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["rollouts"]> = {
  lead: "Eine Änderung erreicht zuerst einige Geräte, und alle anderen erst, wenn sie dort gelingt.",
  tabs: { all: "Rollouts", plans: "Pläne" },
  what: "Was sich ändert",
  kinds: { profile: "Profil", declaration: "Deklaration", set: "Gruppe", policy: "Update-Richtlinie" },
  state: "Zustand",
  states: {
    running: "Läuft",
    halted: "Angehalten",
    finished: "Fertig",
    cancelled: "Zurückgenommen",
    replaced: "Durch einen neueren ersetzt",
  },
  progress: "Fortschritt",
  haveIt: (have, of) => `${number(have)} von ${number(of)} haben es`,
  started: "Begonnen",
  ended: "Beendet",
  endedByItself: "von selbst",
  nextRing: "Nächster Ring",
  atTheEarliest: "frühestens",
  none: "Es gibt noch keinen Rollout",
  noneHint:
    "Die Änderung einer Gruppe, eines Profils oder einer Update-Richtlinie geht in Ringen, wenn Sie einen Plan dafür wählen.",
  changed: "Gezählt",
  counting: "Seine Geräte werden gezählt. Die Zahlen stehen in einigen Minuten hier.",
  halted: "Er hat angehalten",
  haltedText:
    "Die Geräte der offenen Ringe behalten die Änderung. Alle anderen behalten, was sie hatten. Finden Sie heraus, was nicht gelang, und entscheiden Sie dann.",
  failedIn: (failed, of) =>
    `bei ${number(failed)} von ${plural(of, { one: "# Gerät", other: "# Geräten" })} misslungen.`,
  silentIn: (silent, of) =>
    `${number(silent)} von ${plural(of, { one: "# Gerät", other: "# Geräten" })} ohne Antwort.`,
  whichFailed: "Bei welchen Geräten, und warum",
  rings: "Ringe",
  ring: (at) => `Ring ${at}`,
  ringOf: {
    percent: (share) => `${share} aller Geräte`,
    sets: (names) => `Geräte mit ${names}`,
    rest: "Alle anderen Geräte",
  },
  open: "Geöffnet",
  notOpen: "Noch nicht offen",
  noDevices: "Kein Gerät ist darin",
  counts: {
    succeeded: "Haben es",
    failed: "Misslungen",
    silent: "Ohne Antwort",
    waiting: "Antwort steht aus",
    not_applicable: "Nicht betroffen",
    devices: "Geräte",
  },
  contains: "Was er ändert",
  change: "Änderung",
  changes: { version: "Neue Version", added: "Hinzugefügt", removed: "Weggenommen" },
  versions: (former, now) => `Version ${former} → ${now}`,
  plan: "Plan",
  planSays: (hours) =>
    `Der nächste Ring öffnet nach ${plural(hours, { one: "# Stunde", other: "# Stunden" })}.`,
  halts: (failed, silent) =>
    `Der Rollout hält an, wenn es bei mehr als ${failed} % der Geräte eines Rings misslingt oder mehr als ${silent} % nicht antworten.`,
  resume: "Weiter",
  resumeTitle: "Weitergehen lassen?",
  resumeText: (failed, silent) =>
    `Was bisher nicht gelang, wird hingenommen (${plural(failed, { one: "# Gerät misslungen", other: "# Geräte misslungen" })}, ${number(silent)} ohne Antwort). Der Rollout hält nur wieder an, wenn es mehr werden. Der offene Ring hat seine Stunden von Neuem, dann öffnet der nächste.`,
  resumeDone: "Der Rollout geht weiter",
  finish: "Jetzt an alle",
  finishTitle: "Jetzt an alle Geräte geben?",
  finishText: (rest) =>
    plural(rest, {
      one: "# weiteres Gerät bekommt die Änderung jetzt. Der Rollout hält nicht mehr an.",
      other: "# weitere Geräte bekommen die Änderung jetzt. Der Rollout hält nicht mehr an.",
    }),
  finishDone: "Alle Geräte bekommen es",
  cancel: "Zurücknehmen",
  cancelTitle: "Die Änderung zurücknehmen?",
  cancelText: (have) =>
    plural(have, {
      one: "# erreichtes Gerät bekommt wieder den früheren Inhalt, der wieder die neueste Version ist. Alle anderen bemerken nichts.",
      other:
        "# erreichte Geräte bekommen wieder den früheren Inhalt, der wieder die neueste Version ist. Alle anderen bemerken nichts.",
    }),
  cancelNobody:
    "Noch kein Gerät wurde erreicht, und keines bemerkt etwas. Der frühere Inhalt ist wieder die neueste Version.",
  cancelDone: "Die Änderung ist zurückgenommen",
  begin: {
    title: "Neuer Rollout",
    hint: "Ein Rollout beginnt mit einer Änderung. Wählen Sie, was sich ändert und nach welchem Plan.",
    what: "Was sich ändern soll",
    whats: {
      set: "Was eine Gruppe gibt",
      profile: "Eine neue Version eines Profils",
      policy: "Das System von Geräten",
    },
    set: "Gruppe",
    how: "Wie",
    hows: { add: "Hineinnehmen", remove: "Herausnehmen" },
    kind: "Art",
    name: "Name",
    choose: "Wählen …",
    profile: "Profil",
    file: "Die neue Version",
    fileHint: "Eine .mobileconfig-Datei. Sie wird geprüft, bevor sie gesichert wird.",
    plan: "Plan",
    noSets: "Es gibt noch keine Gruppe. Legen Sie zuerst eine in der Bibliothek an.",
    policyHint: "Eine Update-Richtlinie mit einem Plan tut das bei jedem neuen System.",
    toPolicy: "Zu den Update-Richtlinien",
    go: "Beginnen",
    begun: "Der Rollout hat begonnen",
    allAtOnce: "Die Änderung ist gesichert. Sie betrifft kein Gerät, deshalb gibt es keinen Rollout.",
  },
  plans: {
    hint: "Ein Plan sagt, in welchen Schritten eine Änderung geht. Eine Änderung nennt ihren Plan; ohne Plan geht sie sofort an alle Geräte.",
    critical: "Für WLAN, VPN und was ein Gerät sonst braucht, um diesen Server zu erreichen",
    criticalHint:
      "Ein Fehler darin trennt Geräte ab, und kein Befehl holt sie zurück. Deshalb gehen solche Änderungen nach diesem Plan, auch wenn sie keinen nennen.",
    noCritical: "Alle sofort",
    name: "Name",
    nameHint: "Kleine Buchstaben, Ziffern und Bindestriche.",
    rings: "Erste Ringe",
    ringsHint:
      "Einer je Zeile: ein Anteil wie 10 %, der die vorigen Ringe einschließt, oder Namen von Gruppen wie it-staff. Alle anderen Geräte sind der letzte Ring.",
    hours: "Stunden von Ring zu Ring",
    silent: "Ohne Antwort nach Stunden",
    silentHint: "Leer: so lange wie ein Ring hat.",
    maxFailed: "Hält an über % misslungen",
    maxSilent: "Hält an über % ohne Antwort",
    add: "Neuer Plan",
    edit: "Ändern",
    save: "Den Plan sichern",
    saved: "Der Plan ist gesichert",
    deleteTitle: (name) => `Den Plan ${name} löschen?`,
    deleteText:
      "Laufende Rollouts behalten ihre Ringe. Update-Richtlinien, die ihn nennen, müssen einen anderen nennen.",
    deleted: "Der Plan ist gelöscht",
    none: "Es gibt keinen Plan",
    last: "alle anderen",
  },
};
export default words;
