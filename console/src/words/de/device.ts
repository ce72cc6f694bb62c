import { plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["device"]> = {
  tabs: { certificates: "Zertifikate", setup: "Einrichtung" },
  again: {
    one: "Noch einmal versuchen",
    all: "Alles noch einmal versuchen",
    asked: (n) =>
      plural(n, { one: "# Sache wird noch einmal versucht", other: "# Sachen werden noch einmal versucht" }),
    nothing: "Es gibt nichts mehr zu versuchen: vielleicht ist es schon unterwegs",
    command: "Der Befehl wurde noch einmal gegeben",
    failed: (n) => plural(n, { one: "# Sache ist fehlgeschlagen", other: "# Sachen sind fehlgeschlagen" }),
    hints: {
      profile:
        "Berichtigen Sie das Profil in der Bibliothek, oder versuchen Sie es noch einmal, sobald das Gerät es annehmen kann.",
      value:
        "Geben Sie dem Gerät diesen Wert, als Attribut oder durch seine Person. Dann geht es von selbst weiter.",
      invalid:
        "Das Gerät lehnt den Inhalt ab. Berichtigen Sie die Deklaration in der Bibliothek, oder versuchen Sie es noch einmal.",
      unknown_to_device:
        "Das Gerät hat sie geholt und meldet sie nicht. Vielleicht ist sein System zu alt dafür.",
      stale: "Das Gerät meldet eine ältere Fassung. Es holt die neue, wenn es noch einmal versucht wird.",
      app: "Was vorübergehen kann, wird von selbst noch einmal versucht. Versuchen Sie es noch einmal, wenn der Grund behoben ist.",
      command: "Das Gerät hat gesagt, warum. Beheben Sie das, und geben Sie den Befehl dann noch einmal.",
    },
  },
  assigned: {
    profiles: "Profile",
    declarations: "Deklarationen",
    apps: "Apps",
    declarationsOf: (user: string) => `Deklarationen von ${user}`,
    noneOfTheirOwn: (users: string) => `Ohne eigene Deklarationen: ${users}`,
    noProfiles: "Keine Gruppe gibt diesem Gerät ein Profil",
    noDeclarations: "Keine Gruppe gibt diesem Gerät eine Deklaration",
    noApps: "Keine Gruppe gibt diesem Gerät eine App",
    declarationStates: {
      pending: "Noch nicht gemeldet",
      active: "Aktiv",
      inactive: "Nicht aktiv",
      invalid: "Abgelehnt",
      unknown_to_device: "Nicht gemeldet",
      stale: "Ältere Fassung",
    },
    appStates: {
      waiting_for_licence: "Wartet auf eine Lizenz",
      pending: "Unterwegs",
      installing: "Wird installiert",
      waiting_for_person: "Wartet auf die Person",
      installed: "Installiert",
      failed: "Fehlgeschlagen",
      not_applicable: "Nicht für dieses Gerät",
      removing: "Wird entfernt",
    },
  },
  certificates: {
    identity: "Identität des Geräts",
    identityHint: "Mit diesem Zertifikat beweist das Gerät diesem Server, wer es ist.",
    fingerprint: "Fingerabdruck",
    expires: "Läuft ab",
    firstUsed: "Zuerst benutzt",
    inUse: "In Gebrauch",
    accepted: (when) => `Ersetzt, gilt noch bis ${when}`,
    revoked: "Widerrufen",
    ended: "Abgelaufen",
    endsSoon: "Läuft bald ab",
    noIdentity: "An dieses Gerät ist keine Identität gebunden",
    renewal: {
      not_possible:
        "Sie kann von hier nicht erneuert werden: das Gerät hat sich mit dem Profil eines anderen Servers registriert.",
      not_due: "Sie wird von selbst erneuert, bevor sie abläuft.",
      under_way: "Sie wird erneuert: ein Befehl wartet auf das Gerät.",
      failed: "Die letzte Erneuerung ist fehlgeschlagen.",
    },
    due: "Wird erneuert ab",
    renew: "Jetzt erneuern",
    renewText:
      "Das Gerät bekommt sein Registrierungsprofil noch einmal und verlangt ein neues Zertifikat. Die Person merkt nichts davon. Das jetzige gilt, bis das neue in Gebrauch ist.",
    renewed: "Die Erneuerung hat begonnen",
    endOverlap: "Das ersetzte nicht mehr annehmen",
    endOverlapText:
      "Von jetzt an gilt nur das neueste Zertifikat. Ein Gerät, das es noch nicht benutzt hat, würde abgewiesen.",
    endedOnes: (n) =>
      plural(n, {
        one: "# ersetztes Zertifikat gilt nicht mehr",
        other: "# ersetzte Zertifikate gelten nicht mehr",
      }),
    unbind: "Lösen",
    unbindText:
      "Anfragen mit diesem Zertifikat werden ab jetzt für immer abgewiesen. Hat das Gerät kein anderes, muss es sich neu registrieren.",
    unbound: "Das Zertifikat ist gelöst",
    installed: "Zertifikate auf dem Gerät",
    installedHint: "Was das Gerät meldete, als es zuletzt gefragt wurde.",
    none: "Das Gerät hat kein Zertifikat gemeldet",
    name: "Name",
    issuer: "Aussteller",
    own: "Identität",
    authority: "Zertifizierungsstelle",
  },
  setup: {
    none: "Dieses Gerät hat nicht im Setup-Assistenten gewartet",
    noneHint:
      "Nur Geräte, die sich automatisch registrieren, werden dort gehalten, bis sie haben, was sie brauchen.",
    states: {
      running: "Im Setup-Assistenten gehalten",
      releasing: "Wird freigegeben",
      released: "Freigegeben",
      stuck: "Hängt: es wollte den Setup-Assistenten nicht verlassen",
    },
    began: "Begann",
    ends: "Spätestens freigegeben",
    releasedAt: "Freigegeben",
    releasedBy: "Freigegeben durch",
    by: {
      complete: "alle Schritte waren getan",
      "time-limit": "seine Zeit war um",
      device: "das Gerät ging von selbst",
    },
    release: "Jetzt freigeben",
    releaseText:
      "Die Person kann sofort im Setup-Assistenten weitermachen. Was noch zu tun ist, wird danach getan.",
    releasedNow: "Das Gerät wird freigegeben",
    steps: "Schritte",
    step: "Schritt",
    took: "Dauer",
    names: {
      "file-vault-escrow": "Der FileVault-Schlüssel wird hier aufbewahrt",
      profiles: "Profile",
      declarations: "Deklarationen",
      apps: "Apps",
      accounts: "Accounts",
      "recovery-lock": "Wiederherstellungssperre",
    },
    stepStates: {
      running: "Unterwegs",
      done: "Erledigt",
      failed: "Fehlgeschlagen",
      late: "Dauerte zu lange",
    },
    holds: "Das Gerät wartet darauf",
  },
  happened: { news: "Neues zeigen" },
  kept: {
    lead: "Was ein Gerät öffnet, bleibt, auch wenn das Gerät hier gelöscht wurde: Wiederherstellungsschlüssel, Passwörter, Umgehungscodes. Wer einen Wert liest, sagt warum, und das Protokoll behält beides.",
    onlyNames:
      "Sie sehen, was aufbewahrt ist; es zu lesen braucht die Rolle Administrator oder das Recht, hinterlegte Werte zu lesen.",
    which: "Seriennummer oder Kennung",
    whichHint: "Wie sie auf der Seite des Geräts stand.",
  },
  recovery: {
    lead: "Jedes Lesen steht mit seinem Grund im Protokoll.",
    reason: "Grund",
    reasonHint: "Für das Protokoll: wer den Wert braucht, und warum.",
    showText:
      "Der Wert wird auf diesem Bildschirm gezeigt. Das Protokoll hält fest, dass Sie ihn gelesen haben, und warum.",
    deleted: "Gerät gelöscht",
    stored: "Aufbewahrt seit",
    earlier: (n) => plural(n, { one: "# früherer Wert", other: "# frühere Werte" }),
    unconfirmed: "vom Gerät nicht bestätigt",
    former: "aus einer früheren Registrierung",
    older: "ein früherer Wert",
    what: {
      "bootstrap-token": "Lässt einen Mac mit Apple-Chip ohne Person aktualisieren und löschen.",
      "unlock-token": "Entfernt den Code eines iPhones oder iPads. Der Befehl benutzt es von selbst.",
      "filevault-key": "Öffnet die Festplatte des Mac, wenn das Passwort vergessen ist.",
      "recovery-lock": "Lässt jemanden den Mac aus der Wiederherstellung starten.",
      "managed-admin": "Meldet als der Administrator an, den dieser Server auf dem Mac angelegt hat.",
      "lock-pin": "Entsperrt den Mac, der von hier gesperrt wurde.",
      "erase-pin": "Wird verlangt, nachdem der Mac von hier gelöscht wurde.",
      "activation-lock-bypass":
        "Beendet die Aktivierungssperre: geben Sie ihn im Setup-Assistenten als Passwort ein.",
      "activation-lock-server": "Beendet die Aktivierungssperre, die über Apples Portal gesetzt wurde.",
    },
    rotate: {
      "filevault-key": "Neuen Schlüssel erzeugen",
      "recovery-lock": "Neues Passwort setzen",
      "managed-admin": "Neues Passwort setzen",
    },
    rotateText: {
      "filevault-key":
        "Der Mac erzeugt einen anderen Wiederherstellungsschlüssel und schickt ihn hierher. Der jetzige gilt bis dahin. Schlüssel auf Papier sind danach wertlos.",
      "recovery-lock":
        "Der Mac bekommt ein anderes Passwort für die Wiederherstellung. Das jetzige gilt, bis der Mac es angenommen hat.",
      "managed-admin":
        "Der Account des Administrators bekommt ein anderes Passwort. Das jetzige gilt, bis der Mac es angenommen hat.",
    },
    rotations: {
      due: "Ein anderer Wert wird noch gesetzt",
      under_way: "Ein anderer Wert wird gerade gesetzt",
      failed: "Ein anderer Wert konnte nicht gesetzt werden",
    },
    hide: "Verbergen",
  },
  command: {
    origins: {
      server: "Dieser Server",
      inventory: "Fragen dieses Servers",
      declarations: "Deklarationen",
      assignment: "Seine Gruppen",
      setup: "Einrichtung",
      rotation: "Wechsel eines Geheimnisses",
    },
    open: "Öffnen",
    payload: "Was das Gerät bekam",
    answer: "Was es antwortete",
    noAnswer: "Es hat noch nicht geantwortet",
    tooLong: "Die Antwort war zu lang, um sie aufzubewahren",
    notKept: "Der Befehl wird nicht mehr aufbewahrt",
    uuid: "Kennung",
    sent: "Abgeholt",
  },
  act: {
    wake: "Wecken",
    woken: "Das Gerät wurde geweckt",
    shutDown: "Ausschalten",
    shutDownText:
      "Das Gerät schaltet sich sofort aus. Niemand erreicht es von hier, bis es jemand von Hand einschaltet.",
    sound: "Das Gerät spielt einige Minuten lang einen Ton, auch wenn es stumm ist.",
    locate: "Das Gerät sagt, wo es ist. Sein Bildschirm zeigt, dass sein Ort gelesen wurde.",
    clearRestrictions: "Bildschirmzeit-Code entfernen",
    clearRestrictionsText:
      "Der Code der Einschränkungen und alle Einschränkungen, die auf dem Gerät selbst gesetzt wurden, werden entfernt.",
    unlockAccount: "Account entsperren",
    unlockAccountText:
      "Ein lokaler Account, der nach zu vielen falschen Passwörtern gesperrt wurde, kann wieder benutzt werden.",
    shortName: "Kurzname des Accounts",
    signIn: "Neu anmelden lassen",
    signInText:
      "Alles, was dem Gerät gegeben wurde, wird zurückgenommen. Es wird nicht mehr bedient, bis sich die Person auf dem Gerät neu angemeldet hat.",
    signInDone: "Die Person muss sich neu anmelden",
    leave: "Verwaltung beenden",
    leaveText:
      "Das Gerät entfernt sein Verwaltungsprofil und alles, was damit kam: Profile, verwaltete Apps und ihre Daten, Mail-Accounts. Niemand kann es von hier verwalten, bis es sich neu registriert. Was zur Wiederherstellung aufbewahrt wurde, bleibt.",
    leaveDone: "Das Gerät soll gehen, wenn es sich das nächste Mal meldet",
    forget: "Eintrag löschen",
    forgetText:
      "Das Gerät steht nicht mehr in der Liste. Seine Befehle, Etiketten und Notizen werden gelöscht. Was zur Wiederherstellung aufbewahrt wurde, bleibt und wird über die Seriennummer gefunden.",
    forgotten: "Der Eintrag ist gelöscht",
    confirmSame: "Es ist dasselbe Gerät",
    confirmSameText:
      "Gruppen, Etiketten und Attribute der früheren Registrierung gelten auch für diese. Bestätigen Sie es nur, wenn Sie wissen, dass niemand ein anderes Gerät unter dieser Kennung registriert hat.",
    confirmed: "Das Gerät hat, was ihm vorher gegeben wurde",
    lockMac:
      "Der Mac startet sofort neu und verlangt einen Code aus sechs Ziffern, bevor er benutzt werden kann. Was nicht gespeichert ist, geht verloren. Der Code steht unter Wiederherstellung; lassen Sie ihn weg, wird einer gemacht.",
    lockPhone: "Der Bildschirm wird gesperrt. Wer den Code kennt, kann ihn entsperren.",
    eraseMac:
      "Danach verlangt ein älterer Mac einen Code aus sechs Ziffern, der unter Wiederherstellung steht.",
    eraseAgain: "Es registriert sich automatisch wieder, wenn Apples Portal es noch diesem Server gibt.",
    eraseGone: "Es verlässt die Verwaltung.",
    eraseLocked:
      "Seine Aktivierungssperre bleibt an. Halten Sie den Umgehungscode unter Wiederherstellung bereit, oder schalten Sie „Wo ist?“ vorher aus.",
    offline: "Es kann eine Weile dauern: das Gerät tut es, wenn es sich das nächste Mal meldet.",
  },
};

export default words;
