import type { ProblemWords } from "../codes.ts";
import { remedies } from "./remedies/de.ts";
import { accountRemedy } from "./remedies/remedies.ts";
import { type Facts, formatsOf, hasEnded, isOne, said } from "./wording.ts";

const { day, moment, count: number } = formatsOf("de-DE");

const ends = (facts: Facts): string =>
  hasEnded(facts) ? `ist am ${day(facts.ends_on)} abgelaufen` : `läuft am ${day(facts.ends_on)} ab`;
const devices = ({ count }: Facts, one: string, many: string): string =>
  isOne(count) ? `1 Gerät ${one}` : `${number(count)} Geräte ${many}`;
const macs = ({ count }: Facts, one: string, many: string): string =>
  isOne(count) ? `Ein Mac ${one}` : `${number(count)} Macs ${many}`;
const withAccount = ({ account }: Facts): string =>
  account ? `mit dem Apple Account ${account}` : "mit dem ursprünglichen Apple Account";

export const words: ProblemWords = {
  "devices-kept-out": {
    title: ({ address }) => `Etwas vor ${address} antwortet den Geräten anstelle dieses Servers`,
    means:
      "Geräte kommen an Challenges, Anmeldeseiten und Weiterleitungen nicht vorbei: Sie verstummen, ohne dass es sonst jemand merkt.",
    todo: ({ request, outcome, detail, remedy }) => {
      const known = said(remedies.outcomes, outcome);
      return `${request}: ${known?.what ?? detail}. ${known?.remedy ?? remedy}`;
    },
  },
  "push-certificate-ends": {
    title: (facts) => `Das Push-Zertifikat von ${facts.topic} ${ends(facts)}`,
    means:
      "Ohne gültiges Push-Zertifikat wird kein Gerät geweckt: Befehle warten, bis Geräte sich von selbst melden.",
    todo: (facts) =>
      `Erneuern Sie es auf https://identity.apple.com/pushcert ${withAccount(facts)} mit „Renew“, nicht mit „Create“, und laden Sie es bei /api/v1/push-certificates hoch.`,
  },
  "push-certificate-missing": {
    title: () => "Es gibt kein Push-Zertifikat",
    means: "Kein Gerät wird geweckt: Befehle warten, bis Geräte sich von selbst melden.",
    todo: () => "Holen Sie eines von Apple, wie in docs/push.md beschrieben.",
  },
  "push-certificate-refused": {
    title: ({ topic }) => `Apple lehnt das Push-Zertifikat von ${topic} ab`,
    means: "Kein Gerät mit diesem Topic wird geweckt.",
    todo: (facts) => `Apple meldet: ${facts.reason}. Erneuern Sie das Zertifikat ${withAccount(facts)}.`,
  },
  "push-certificate-other-topic": {
    title: ({ topic, other }) => `Kurz vor dem Ablauf von ${topic} wurde ${other} hochgeladen`,
    means:
      "Das sieht nach einer Erneuerung mit dem falschen Apple Account oder mit „Create“ aus. Geräte hören nur auf ihr eigenes Topic; die mit dem alten müssten neu angemeldet werden.",
    todo: (facts) => `Erneuern Sie ${facts.topic} ${withAccount(facts)} mit „Renew“.`,
  },
  "push-certificate-account-unknown": {
    title: ({ topic }) => `Der Apple Account des Push-Zertifikats von ${topic} ist nicht vermerkt`,
    means:
      "Nur mit diesem Account lässt es sich im nächsten Jahr erneuern. Ohne ihn müssten alle Geräte neu angemeldet werden.",
    todo: ({ id }) => `Tragen Sie ihn ein: PATCH /api/v1/push-certificates/${id}.`,
  },
  "ade-token-ends": {
    title: (facts) => `Das Token des ADE-Kontos ${facts.account} ${ends(facts)}`,
    means:
      "Ohne Token sind neue Geräte aus Apple Business oder Apple School Manager hier unbekannt und bekommen kein Profil. Angemeldete bleiben angemeldet.",
    todo: ({ account, admin }) =>
      `Erzeugen Sie ein Zertifikat (POST /api/v1/ade/accounts/${account}/certificate), laden Sie es bei Apple für denselben Server hoch${admin ? ` (zuletzt tat das ${admin})` : ""}, laden Sie das Token herunter und hier hoch: /api/v1/ade/accounts/${account}/token.`,
  },
  "ade-account-stopped": {
    title: ({ account, organization }) =>
      `Apple bedient das ADE-Konto ${account}${organization ? ` von ${organization}` : ""} nicht`,
    means: "Neue Geräte sind hier unbekannt und bekommen kein Profil. Angemeldete bleiben angemeldet.",
    todo: (facts) => accountRemedy(remedies, "token", facts),
  },
  "api-account-stopped": {
    title: ({ account }) => `Apple bedient das API-Konto ${account} nicht`,
    means:
      "Bestellungen und AppleCare werden nicht gelesen, und von hier aus kann kein Gerät umziehen. Anmeldungen gehen weiter: Sie haben ein eigenes Token.",
    todo: (facts) => accountRemedy(remedies, "key", facts),
  },
  "content-token-ends": {
    title: (facts) => `Das Content-Token des Standorts ${facts.location} ${ends(facts)}`,
    means: "Ohne Token wird keine Lizenz vergeben oder zurückgenommen. Installierte Apps laufen weiter.",
    todo: ({ location, name }) =>
      `Laden Sie in Apples Portal (Apps und Bücher) ein neues Content-Token für ${name} herunter und hier hoch: PUT /api/v1/apps-and-books/locations/${location}/token.`,
  },
  "content-location-stopped": {
    title: ({ location }) => `Apple bedient den Standort ${location} von Apps und Bücher nicht`,
    means: "Es wird keine Lizenz vergeben oder zurückgenommen. Installierte Apps laufen weiter.",
    todo: ({ location, detail }) =>
      `Prüfen Sie das Content-Token in Apples Portal und laden Sie nötigenfalls ein neues hoch: PUT /api/v1/apps-and-books/locations/${location}/token. (${detail})`,
  },
  "content-location-taken": {
    title: ({ location, by }) => `${by} verwaltet jetzt den Standort ${location} von Apps und Bücher`,
    means: "Dieser Server schreibt dort nichts mehr: Zwei Server nähmen einander Lizenzen weg.",
    todo: ({ location, metadata }) =>
      `Entfernen Sie das Token vom anderen Server (${metadata}) und übernehmen Sie den Standort: POST /api/v1/apps-and-books/locations/${location}/take-over. Oder löschen Sie ihn hier.`,
  },
  "licences-missing": {
    title: ({ count, app, location }) =>
      isOne(count)
        ? `In ${location} fehlt eine Lizenz für ${app}`
        : `In ${location} fehlen ${number(count)} Lizenzen für ${app}`,
    means: "Geräte oder Personen, die die App haben sollen, warten auf eine Lizenz.",
    todo: () =>
      "Kaufen Sie in Apples Portal weitere, auch wenn die App kostenlos ist, oder geben Sie hier welche frei. Danach geht es von selbst weiter.",
  },
  "licence-counts-differ": {
    title: ({ app, location, assigned, held }) =>
      `Apple zählt in ${location} ${number(assigned)} vergebene Lizenzen für ${app} und führt ${number(held)} auf`,
    means:
      "Anzahl und Liste widersprechen sich seit mehr als einem Tag, obwohl beide neu gelesen wurden. Niemandem wurde etwas weggenommen.",
    todo: ({ location }) =>
      `Vergleichen Sie mit Apples Portal (Apps und Bücher). POST /api/v1/apps-and-books/locations/${location}/sync liest alles neu. Bleibt der Widerspruch, fragen Sie Apples Support: Nur Apple kann die Anzahl berichtigen.`,
  },
  "rollout-halted": {
    title: ({ subject }) => `Die stufenweise Einführung von ${subject} wurde angehalten`,
    means:
      "Geräte der geöffneten Stufen haben die Änderung; die anderen behalten, was sie hatten, bis jemand entscheidet.",
    todo: ({ id, reason }) =>
      `${reason}. Die Zahlen stehen unter GET /api/v1/rollouts/${id}; POST an /resume, /cancel oder /finish davon.`,
  },
  "migrations-not-ready": {
    title: (facts) =>
      `${devices(facts, "ist", "sind")} nicht bereit für den Umzug zu ${facts.account}; die erste Frist ist der ${day(facts.deadline)}`,
    means:
      "Apple zieht Geräte zu ihrer Frist um, ob bereit oder nicht: Sie können verwaltete Apps und Daten verlieren oder ohne Verwaltung dastehen.",
    todo: ({ account, device, checks, missing }) => {
      const known = String(checks ?? "")
        .split(" ")
        .flatMap((check) => said(remedies.checks, check) ?? []);
      return `Das erste ist ${device}: ${known.join("; ") || missing}. Alle: GET /api/v1/ade/migrations?account=${account}&arrived=false`;
    },
  },
  "authority-ends": {
    title: (facts) => `Die Zertifizierungsstelle ${facts.subject} ${ends(facts)}`,
    means: "Danach werden die Identitäten, die sie ausgestellt hat, nicht mehr angenommen.",
    todo: () =>
      "Legen Sie eine neue Zertifizierungsstelle an und lassen Sie sie ausstellen (docs/identities.md), früh genug, dass alle Identitäten unter ihr erneuert werden.",
  },
  "authority-missing": {
    title: () => "Keine Zertifizierungsstelle stellt Identitäten aus",
    means: "Kein Gerät kann sich anmelden oder seine Identität erneuern.",
    todo: () => "Legen Sie eine an: POST /api/v1/authorities.",
  },
  "identities-not-renewed": {
    title: (facts) => devices(facts, "erneuert seine Identität nicht", "erneuern ihre Identität nicht"),
    means:
      "Die Erneuerung ist überfällig. Nach dem Ablauf der Identität und der Nachfrist muss ein Gerät von Hand neu angemeldet werden.",
    todo: ({ first_ends_on, device }) =>
      `Sehen Sie nach dem Gerät ${device}, dessen Identität als erste abläuft (${day(first_ends_on)}): Ist es eingeschaltet, nimmt es Befehle an?`,
  },
  "identities-ended": {
    title: (facts) => devices(facts, "hat eine abgelaufene Identität", "haben abgelaufene Identitäten"),
    means: "In der Nachfrist können sie noch erneuern; danach müssen sie neu angemeldet werden.",
    todo: ({ device, grace_days }) =>
      `Bringen Sie sie innerhalb von ${grace_days} Tagen nach dem Ablauf online (Einstellung identity_grace_days), zum Beispiel ${device}.`,
  },
  "provisioning-profile-ends": {
    title: (facts) => `Das Bereitstellungsprofil ${facts.name} ${ends(facts)}`,
    means: "Danach starten die damit signierten Apps nicht mehr.",
    todo: () =>
      "Erstellen Sie in Apples Entwicklerportal ein neues und laden Sie es bei /api/v1/provisioning-profiles hoch.",
  },
  "signing-certificate-ends": {
    title: (facts) => `Das Zertifikat ${facts.subject}, das Profile signiert, ${ends(facts)}`,
    means:
      "Danach signiert die ausstellende Zertifizierungsstelle die Profile; Geräte zeigen sie dann nicht als überprüft an.",
    todo: () => "Laden Sie ein neues bei /api/v1/signing-certificates hoch.",
  },
  "webhook-paused": {
    title: ({ name }) => `Der Webhook ${name} pausiert`,
    means:
      "Er bekommt keine Ereignisse. Neue Ereignisse werden so lange aufbewahrt, wie die Einstellung events_days sagt.",
    todo: ({ kind, reason, id }) =>
      `${said(remedies.paused, kind) ?? `Der Grund: ${reason}.`} Reparieren Sie den Empfänger, dann PATCH /api/v1/webhooks/${id} mit {"state":"active"}.`,
  },
  "webhook-failing": {
    title: ({ name, since }) => `Der Webhook ${name} schlägt seit ${moment(since)} fehl`,
    means: "Nachrichten warten, keine geht verloren; nach fünf Tagen pausiert er.",
    todo: ({ fault, id }) =>
      `Der letzte Versuch: „${fault}“. Probieren Sie ihn mit POST /api/v1/webhooks/${id}/ping.`,
  },
  "webhook-dead-letters": {
    title: ({ name, count }) =>
      `Der Webhook ${name} hat ${isOne(count) ? "eine Nachricht" : `${number(count)} Nachrichten`} abgelehnt`,
    means: "Sie wurden drei Tage lang versucht und dann aufgegeben. Spätere Nachrichten wurden gesendet.",
    todo: ({ id }) =>
      `Siehe GET /api/v1/webhooks/${id}/dead-letters; noch einmal senden mit POST …/dead-letters/replay.`,
  },
  "queues-stuck": {
    title: (facts) =>
      `${devices(facts, "meldet sich, lässt aber Befehle", "melden sich, lassen aber Befehle")} seit mehr als ${facts.days} Tagen warten`,
    means: "Diese Geräte melden sich, führen ihre Befehle aber nicht aus.",
    todo: ({ device, request_type }) =>
      `Sehen Sie sich die Befehle von ${device} an, wo ${request_type} wartet: Geräte verschieben Befehle, für die sie eine Person brauchen.`,
  },
  "devices-silent": {
    title: (facts) => `${devices(facts, "wurde", "wurden")} seit mehr als ${facts.days} Tagen nicht gesehen`,
    means: "Sie sind aus, verloren oder erreichen diesen Server nicht; keine Änderung kommt bei ihnen an.",
    todo: () => "Die Liste: GET /api/v1/devices?state=enrolled&seen_before=…",
  },
  "escrow-missing-bootstrap-token": {
    title: (facts) =>
      macs(facts, "hat kein Bootstrap-Token hinterlegt", "haben kein Bootstrap-Token hinterlegt"),
    means:
      "Ohne das Token brauchen Softwareupdates und Erweiterungen auf Apple Chips eine Person mit Passwort.",
    todo: ({ device }) =>
      `Jemand mit Administratorrechten und Secure Token meldet sich einmal am Mac an (etwa ${device}) oder führt \`sudo profiles install -type bootstraptoken\` aus.`,
  },
  "escrow-missing-filevault-key": {
    title: (facts) =>
      macs(
        facts,
        "ist verschlüsselt, aber kein Wiederherstellungsschlüssel ist hinterlegt",
        "sind verschlüsselt, aber kein Wiederherstellungsschlüssel ist hinterlegt",
      ),
    means: "Wird das Passwort vergessen, sind die Daten auf der Festplatte verloren.",
    todo: ({ device }) =>
      `Geben Sie ihnen das Hinterlegungsprofil und wechseln Sie den Schlüssel (docs/commands.md), zum Beispiel bei ${device}.`,
  },
  "escrow-missing-recovery-lock": {
    title: (facts) =>
      macs(
        facts,
        "hat eine Wiederherstellungssperre, deren Passwort nicht hinterlegt ist",
        "haben eine Wiederherstellungssperre, deren Passwort nicht hinterlegt ist",
      ),
    means: "Niemand kann das Wiederherstellungssystem starten, und ohne das Passwort kann es niemand ändern.",
    todo: ({ device }) =>
      `Wer die Sperre gesetzt hat, muss sie am Mac entfernen (etwa ${device}); setzen Sie dann eine mit SetRecoveryLock, die hinterlegt wird (docs/commands.md).`,
  },
  "attestations-failed": {
    title: (facts) =>
      devices(facts, "antwortet ohne gültige Bescheinigung", "antworten ohne gültige Bescheinigung"),
    means: "Apple bestätigt nicht, was sie angeben, oder bestätigt etwas anderes.",
    todo: ({ device }) =>
      `Siehe attestation in GET /api/v1/devices/${device}: Dort steht der Grund. Gibt sich ein Gerät für ein anderes aus, muss eine Person es ansehen (docs/attestation.md).`,
  },
  "profile-failed": {
    title: (facts) => `${devices(facts, "hat", "haben")} das Profil ${facts.identifier} nicht installiert`,
    means: "Seine Einstellungen gelten dort nicht.",
    todo: ({ identifier }) => `Den Grund zeigt GET /api/v1/profiles/${identifier}/devices?state=failed`,
  },
  "declaration-failed": {
    title: ({ identifier, count }) =>
      `Auf ${isOne(count) ? "1 Gerät" : `${number(count)} Geräten`} ist die Deklaration ${identifier} ungültig`,
    means: "Ihre Einstellungen gelten dort nicht.",
    todo: ({ identifier }) => `Den Grund zeigt GET /api/v1/declarations/${identifier}/status`,
  },
  "app-given-up": {
    title: ({ app, count }) =>
      `Auf ${isOne(count) ? "1 Gerät" : `${number(count)} Geräten`} ist die App ${app} endgültig fehlgeschlagen`,
    means: "Es wurde mehrmals versucht. Ein neuer Versuch folgt erst, wenn sich etwas ändert.",
    todo: ({ app }) =>
      `Den Grund zeigt GET /api/v1/apps/${app}/devices?state=failed. Beheben Sie ihn, und speichern Sie die App mit der Änderung.`,
  },
  "app-bundle-id-differs": {
    title: (facts) =>
      `${devices(facts, "meldet", "melden")} die App ${facts.app} als ${facts.told}; der Store nennt ${facts.expected}`,
    means:
      "Dieser Server richtet sich nach den Geräten. Ein Profil, das die App mit der Bundle-ID des Stores nennt, meint eine andere.",
    todo: ({ app, told }) =>
      `Prüfen Sie die App-Store-ID: GET /api/v1/apps/${app}. Ist es die richtige App, schreiben Sie ${told}, wo Sie ihre Bundle-ID nennen. Der Store wird jeden Tag neu gefragt.`,
  },
  "updates-overdue": {
    title: (facts) =>
      `${devices(facts, "ist", "sind")} nach der Update-Richtlinie ${facts.policy} überfällig`,
    means: "Die Frist ist vorbei, und sie haben noch ein älteres System.",
    todo: ({ policy }) => `Ihr Stand: GET /api/v1/software-updates/policies/${policy}/progress`,
  },
  "apple-list-stale": {
    title: ({ last }) =>
      last
        ? `Apples Liste der Systeme wurde zuletzt am ${day(last)} gelesen`
        : "Apples Liste der Systeme wurde noch nie gelesen",
    means:
      "Seither erschienene Systeme sind unbekannt: Richtlinien, die dem neuesten folgen, bleiben beim vorigen.",
    todo: ({ trouble }) =>
      `${trouble ? `Der letzte Versuch: „${trouble}“. ` : ""}Starten Sie den Job apple-systems noch einmal (docs/declarations.md), oder tragen Sie neue Systeme selbst ein.`,
  },
  "platform-limit": {
    title: ({ percent }) => `Die Datenbank ist zu ${percent} % oder mehr gefüllt`,
    means:
      "Ist sie voll, wird nichts Neues gespeichert: Listen veralten, Befehle und Einstellungen werden abgelehnt.",
    todo: ({ used, limit }) =>
      `Sie enthält ${used} von ${limit} (Einstellung platform_database_mb). Senken Sie events_days und audit_days, löschen Sie Geräte, die nicht mehr da sind, oder wechseln Sie in einen größeren Tarif.`,
  },
  "daily-limit": {
    title: ({ metric, what, percent, day: on }) =>
      `${said(remedies.limits, metric) ?? what}: am ${day(on)} wurden ${percent} % oder mehr der Tagesgrenze verbraucht`,
    means:
      "An der Grenze des Free-Tarifs lehnt Cloudflare bis Mitternacht UTC alles ab. Geräte melden sich danach von selbst wieder, aber bis dahin erreicht sie nichts.",
    todo: ({ used, limit }) =>
      `Das Konto hat ${number(used)} von ${number(limit)} verbraucht. Wechseln Sie zu Workers Paid, das keine Tagesgrenzen hat, oder finden Sie heraus, was so oft anfragt (docs/cost.md).`,
  },
  "daily-use-not-read": {
    title: () => "Cloudflare sagt nicht, was das Konto verbraucht",
    means: "Niemand erfährt, wenn eine Tagesgrenze nahe ist.",
    todo: ({ trouble }) =>
      `Der letzte Versuch: „${trouble}“. Prüfen Sie die Einstellungen cloudflare_account_id und cloudflare_api_token (docs/cost.md), oder setzen Sie sie auf null.`,
  },
  "newer-release": {
    title: ({ newest }) => `Version ${newest} ist erschienen`,
    means: "Sie kann Fehlerbehebungen enthalten, die hier noch fehlen.",
    todo: ({ version }) =>
      `Hier läuft ${version}. Lesen Sie das Änderungsprotokoll, dann: npm run upgrade (docs/upgrade.md).`,
  },
  "mail-not-sent": {
    title: ({ to }) => `E-Mail erreicht ${to} nicht`,
    means:
      "Nachrichten über Probleme gehen an die Adressen der Einstellung mail_to, und diese bekommen sie nicht.",
    todo: ({ lacks, trouble }) =>
      `${said(remedies.mail, lacks) ?? `Der letzte Versuch: „${trouble}“.`} Siehe docs/mail.md; probieren Sie es mit POST /api/v1/mail/test, oder leeren Sie mail_to.`,
  },
  "backup-old": {
    title: ({ last }) =>
      last ? `Die letzte Sicherung ist vom ${day(last)}` : "Es wurde noch nie eine Sicherung gemacht",
    means: "Geht das Cloudflare-Konto verloren, sind alle Änderungen seither verloren.",
    todo: () =>
      "Starten Sie npm run backup und bewahren Sie die Datei außerhalb von Cloudflare auf (docs/backup.md).",
  },
  "unsafe-setting": {
    title: ({ setting, what }) => said(remedies.settings, setting)?.what ?? String(what),
    means: "Das ist erlaubt, aber weniger sicher als möglich.",
    todo: ({ setting, remedy }) => said(remedies.settings, setting)?.remedy ?? String(remedy),
  },
};
