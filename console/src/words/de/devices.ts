import { plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["devices"]> = {
  search: "Name, Seriennummer, Modell oder Benutzer",
  name: "Name",
  serial: "Seriennummer",
  system: "System",
  owner: "Etiketten",
  seen: "Zuletzt gesehen",
  state: "Zustand",
  states: { pending: "Wartet", enrolled: "Registriert", unenrolled: "Gegangen", erased: "Gelöscht" },
  platform: "Art",
  encrypted: "Verschlüsselt",
  encryption: { true: "Verschlüsselt", false: "Nicht verschlüsselt" },
  lost: "Verloren-Modus",
  lostIs: { true: "Im Verloren-Modus" },
  none: "Es gibt noch kein Gerät",
  noneHint: "Laden Sie eines ein. Es steht hier, sobald es sich registriert.",
  wasDeleted: "Ist es ein Gerät, das hier gelöscht wurde?",
  seeKept: "Sehen, was davon aufbewahrt ist",
  invite: "Ein Gerät einladen",
  unnamed: "Ohne Namen",
  tabs: {
    overview: "Übersicht",
    assigned: "Was es haben soll",
    apps: "Apps",
    recovery: "Wiederherstellung",
    commands: "Befehle",
    events: "Was geschah",
  },
  back: "Geräte",
  facts: {
    model: "Modell",
    id: "Kennung",
    enrolled: "Registriert",
    inventory: "Hat gemeldet, was es hat",
    storage: "Freier Speicher",
    storageOf: (free, all) => `${free} von ${all}`,
    battery: "Batterie",
    supervised: "Betreut",
    passcode: "Code",
    activationLock: "Aktivierungssperre",
    notes: "Notizen",
    tags: "Etiketten",
  },
  health: {
    encrypted: "Verschlüsselt",
    notEncrypted: "Nicht verschlüsselt",
    unknown: "Verschlüsselung unbekannt",
    lost: "Im Verloren-Modus",
    setup: "Im Setup-Assistenten",
    heldBack: "Zurückgehalten: bestätigen Sie, dass es dasselbe Gerät ist",
  },
  assigned: {
    profiles: "Profile",
    states: {
      pending: "Unterwegs",
      installed: "Installiert",
      failed: "Fehlgeschlagen",
      not_applicable: "Nicht für dieses Gerät",
      removing: "Wird entfernt",
    },
    none: "Diesem Gerät ist nichts zugewiesen",
    retry: "Neuer Versuch",
    attempts: (n) => plural(n, { one: "# Versuch", other: "# Versuche" }),
  },
  apps: {
    none: "Das Gerät hat keine App gemeldet",
    version: "Version",
    managed: "Verwaltet",
    managedYes: "Verwaltet",
  },
  commands: {
    none: "Es wurde noch kein Befehl gegeben",
    command: "Befehl",
    queued: "Gegeben",
    finished: "Beendet",
    by: "Von",
    cancel: "Abbrechen",
    cancelled: "Der Befehl ist abgebrochen",
    states: {
      queued: "Wartet",
      sent: "Gesendet",
      not_now: "Verschoben",
      acknowledged: "Erledigt",
      error: "Fehlgeschlagen",
      format_error: "Nicht verstanden",
      cancelled: "Abgebrochen",
      expired: "Abgelaufen",
    },
  },
  batch: {
    wake: "Wecken",
    held: (n) =>
      plural(n, {
        one: "Das Löschen von # Gerät wartet so lange, wie destructive_hold_minutes sagt; bis dahin kann es abgebrochen werden",
        other:
          "Das Löschen von # Geräten wartet so lange, wie destructive_hold_minutes sagt; bis dahin kann es abgebrochen werden",
      }),
    woken: (n) => plural(n, { one: "# Gerät wurde geweckt", other: "# Geräte wurden geweckt" }),
    given: (n) =>
      plural(n, {
        one: "Der Auftrag für # Gerät ist angenommen; kann es den Befehl nicht ausführen, wird es ausgelassen",
        other:
          "Der Auftrag für # Geräte ist angenommen; wer den Befehl nicht ausführen kann, wird ausgelassen",
      }),
    restartText: (n) =>
      plural(n, {
        one: "# Gerät startet sofort neu. Was darauf nicht gespeichert ist, geht verloren.",
        other: "# Geräte starten sofort neu. Was darauf nicht gespeichert ist, geht verloren.",
      }),
    eraseText: (n) =>
      plural(n, {
        one: "Alles auf # Gerät wird gelöscht und kann nicht zurückgeholt werden.",
        other: "Alles auf # Geräten wird gelöscht und kann nicht zurückgeholt werden.",
      }),
  },
  act: {
    given: "Der Befehl wurde gegeben",
    refresh: "Fragen, was es hat",
    restart: "Neu starten",
    restartText: "Das Gerät startet sofort neu. Was darauf nicht gespeichert ist, geht verloren.",
    lock: "Sperren",
    lockText:
      "Der Bildschirm wird gesperrt. Ein Mac startet neu und verlangt den Code, bevor er benutzt werden kann.",
    lockCode: "Code aus sechs Ziffern, für einen Mac",
    lost: "Verloren-Modus einschalten",
    lostText:
      "Das Gerät wird gesperrt und zeigt die Nachricht und die Nummer. Sein Ort kann abgefragt werden.",
    sound: "Ton abspielen",
    locate: "Fragen, wo es ist",
    lostOff: "Verloren-Modus ausschalten",
    lostOffText: "Das Gerät kann wieder wie vorher benutzt werden.",
    message: "Nachricht auf dem Bildschirm",
    phone: "Telefonnummer auf dem Bildschirm",
    clear: "Code entfernen",
    clearText: "Alle, die das Gerät in der Hand haben, können es entsperren, bis ein neuer Code gesetzt ist.",
    erase: "Löschen",
    eraseText:
      "Alles auf dem Gerät wird gelöscht und kann nicht zurückgeholt werden. Das Gerät verlässt die Verwaltung, wenn es sich nicht automatisch wieder registriert.",
  },
  located: {
    title: "Das Gerät ist verloren",
    within: (metres) => `auf ${metres} m genau,`,
    nowhere: "Es wurde noch nicht gefragt, wo es ist.",
    asking: "Es wird gefragt, wo es ist …",
  },
  recovery: {
    none: "Für dieses Gerät ist nichts hinterlegt, das es öffnet",
    show: "Zeigen",
    showText:
      "Der Wert wird auf diesem Bildschirm gezeigt. Das Protokoll hält fest, dass Sie ihn gelesen haben.",
    noCurrent: "Kein Wert ist in Gebrauch",
    rotate: "Neues Passwort setzen",
    names: {
      "bootstrap-token": "Bootstrap-Token",
      "unlock-token": "Entsperr-Token",
      "filevault-key": "FileVault-Wiederherstellungsschlüssel",
      "recovery-lock": "Passwort der Wiederherstellungssperre",
      "managed-admin": "Passwort des verwalteten Administrators",
      "lock-pin": "Code der Sperre",
      "erase-pin": "Code der Löschung",
      "activation-lock-bypass": "Umgehungscode der Aktivierungssperre, vom Gerät",
      "activation-lock-server": "Umgehungscode der Aktivierungssperre, von diesem Server",
    },
  },
};

export default words;
