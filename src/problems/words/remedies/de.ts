import type { Remedies } from "./remedies.ts";

const patch = (name: string, value: string): string => `PATCH /api/v1/settings mit {"${name}": ${value}}.`;
const waits = "Nichts zu tun: Apple wird später noch einmal gefragt.";

export const remedies: Remedies = {
  settings: {
    PUBLIC_URL: {
      what: "Der Server hat keine feste Adresse und nimmt die aus jeder Anfrage",
      remedy: "Setzen Sie PUBLIC_URL oder eine eigene Domain (docs/configuration.md).",
    },
    MASTER_KEY_PREVIOUS: {
      what: "Der vorige Hauptschlüssel ist noch gesetzt",
      remedy: "Starten Sie den Job reseal und entfernen Sie MASTER_KEY_PREVIOUS, sobald er es sagt.",
    },
    WEBHOOK_ALLOW_LOCAL: {
      what: "Webhooks dürfen an private Adressen und ohne TLS senden",
      remedy: "Entfernen Sie WEBHOOK_ALLOW_LOCAL: Es ist nur für die Entwicklung gedacht.",
    },
    SCEP_LEGACY_CIPHERS: {
      what: "SCEP nimmt gebrochene Verschlüsselungsverfahren an",
      remedy: "Entfernen Sie SCEP_LEGACY_CIPHERS, sobald kein Client es mehr braucht.",
    },
    static_challenge: {
      what: "Wer die feste Challenge kennt, bekommt beliebig viele Identitäten",
      remedy: patch("static_challenge", "null"),
    },
    allow_replacement: {
      what: "Eine Anmeldung, die kein Gerät nennt, darf ein angemeldetes ersetzen",
      remedy: patch("allow_replacement", "false"),
    },
    trust_reported_identifiers: {
      what: "Ein Gerät, das eine Seriennummer nur behauptet, bekommt, was für diese Nummer bestimmt ist",
      remedy: patch("trust_reported_identifiers", "false"),
    },
    unknown_device: {
      what: "Ein unbekanntes Gerät wird aufgefordert, sein Profil zu entfernen",
      remedy: patch("unknown_device", '"refuse"'),
    },
    migration: {
      what: "Der Zugang für die Geräte eines anderen Servers ist offen",
      remedy: `Wenn die Geräte umgezogen sind: ${patch("migration", "false")}`,
    },
    compat_destructive: {
      what: "Skripte anderer Werkzeuge können ohne Rückfrage viele Geräte auf einmal löschen",
      remedy: patch("compat_destructive", "false"),
    },
  },
  outcomes: {
    challenged: {
      what: "Cloudflare antwortet mit einer Challenge",
      remedy:
        "Schalten Sie im Cloudflare-Dashboard der Zone den Bot Fight Mode aus (Security, Bots; er kennt keine Ausnahmen), und nehmen Sie die Gerätepfade mit einer Skip-Regel von Challenges eigener Regeln, des Super Bot Fight Mode und des Under Attack Mode aus. Die Security Events zeigen, was es war.",
    },
    "access-login": {
      what: "die Anmeldung von Cloudflare Access antwortet",
      remedy:
        "Nehmen Sie Cloudflare Access von diesem Hostnamen weg, oder legen Sie eine Bypass-Richtlinie für die Gerätepfade /mdm, /scep, /acme, /crl und /enroll an.",
    },
    "browser-check": {
      what: "der Browser Integrity Check weist die Anfrage ab (Fehler 1010)",
      remedy:
        "Schalten Sie den Browser Integrity Check für diesen Hostnamen mit einer Konfigurationsregel aus: Manche Programme von Apple haben keinen üblichen User-Agent.",
    },
    blocked: {
      what: "etwas vor diesem Server blockiert die Anfrage",
      remedy:
        "Suchen Sie in den Security Events der Zone die Regel, die sie blockiert hat (eigene oder verwaltete Regeln, IP-Zugriff, Zone Lockdown), und nehmen Sie die Gerätepfade davon aus.",
    },
    redirected: {
      what: "eine Weiterleitung antwortet",
      remedy:
        "Nehmen Sie die Weiterleitung (Redirect Rules, Page Rules, Always Use HTTPS) von diesem Hostnamen weg: Ein weitergeleitetes PUT geht verloren.",
    },
    "daily-limit": {
      what: "die Anfragen des Tages sind aufgebraucht (Fehler 1027)",
      remedy:
        "Der Free-Tarif erlaubt bis Mitternacht UTC keine weiteren Anfragen; im Tarif Workers Paid gibt es diese Grenze nicht.",
    },
    "rate-limited": {
      what: "etwas vor diesem Server begrenzt die Zahl der Anfragen (429)",
      remedy:
        "Suchen Sie eine Rate-Limiting-Regel der Zone, die für diesen Hostnamen gilt, und nehmen Sie die Gerätepfade davon aus.",
    },
    "not-ours": {
      what: "ein anderer Server antwortet",
      remedy:
        "Prüfen Sie, zu welchem Worker, welcher Route oder welchem Ursprungsserver der Hostname führt und ob PUBLIC_URL stimmt.",
    },
    unexpected: {
      what: "dieser Server antwortet anders als erwartet",
      remedy: "Fragen Sie /readyz, was fehlt.",
    },
    unreachable: {
      what: "die Adresse ist nicht erreichbar",
      remedy:
        "Prüfen Sie, ob der Name im DNS steht, sein Zertifikat ausgestellt ist und die eigene Domain zu diesem Worker führt.",
    },
    untested: {
      what: "der Worker kann seine eigene Adresse nicht prüfen",
      remedy:
        "Starten Sie npm run selftest auf einem anderen Rechner; mit dem Compatibility-Flag global_fetch_strictly_public kann der Worker sich selbst fragen.",
    },
  },
  accounts: {
    terms:
      "Eine Person mit Administratorrechten dieser Organisation muss sich bei Apple Business oder Apple School Manager anmelden und den neuen Bedingungen zustimmen. Angemeldete Geräte funktionieren weiter.",
    rights: "Prüfen Sie in Apples Portal, welche Rechte dieser Server oder dieses API-Konto hat.",
    token:
      "Laden Sie in Apple Business oder Apple School Manager ein neues Token für diesen Server und laden Sie es bei diesem Konto hoch, am besten mit einem Apple Account, den mehrere Personen betreuen.",
    key: "Vergleichen Sie Client-ID und Schlüssel-ID mit Apples Portal. Wenn sie stimmen, erzeugen Sie dort einen neuen Schlüssel für das API-Konto (Einstellungen, API) und hinterlegen Sie ihn hier.",
    "user-agent": "Setzen Sie für dieses Konto einen anderen User-Agent aus Produktname und Version.",
    profile: "Korrigieren Sie das ADE-Profil und speichern Sie es noch einmal.",
    beta: "Schalten Sie in Apple Business oder Apple School Manager den Beta-Zugang ein.",
    wait: waits,
    "in-between":
      "Apple wird später noch einmal gefragt. Wenn es so bleibt: Prüfen Sie, ob zwischen diesem Server und Apple etwas anderes antwortet und ob die Basis-URL des Kontos stimmt.",
    "ask-apple": "Apple bietet dies für diese Organisation nicht an: Fragen Sie Apple.",
    report: "Das ist ein Fehler dieses Servers: Bitte melden Sie ihn mit dem Wortlaut der Antwort.",
  },
  checks: {
    token: "das Token des ADE-Kontos gilt nicht bis zur Frist: erneuern Sie es",
    profile: "keine Regel gibt ihm ein ADE-Profil: legen Sie eine Regel an oder weisen Sie eines zu",
    "profile-assigned":
      "Apple hat die neueste Fassung des ADE-Profils noch nicht zugewiesen; das geschieht von selbst",
    "awaits-configuration":
      "dem ADE-Profil fehlt await_device_configured: verwaltete Apps und ihre Daten gingen beim Umzug verloren",
    "not-shared": "das ADE-Profil ist für geteilte iPads, und solche Geräte ziehen nicht um",
    "file-vault-escrow":
      "die Anmeldeeinstellung file_vault_escrow fehlt: der neue FileVault-Schlüssel dieses Mac würde nirgends hinterlegt",
  },
  limits: {
    "worker-requests": "Anfragen an Workers",
    "object-requests": "Anfragen an Durable Objects",
    "object-rows-read": "In Durable Objects gelesene Zeilen",
    "object-rows-written": "In Durable Objects geschriebene Zeilen",
    "database-rows-read": "In D1 gelesene Zeilen",
    "database-rows-written": "In D1 geschriebene Zeilen",
  },
  paused: {
    gone: "Der Empfänger meldet, dass es ihn nicht mehr gibt (410).",
    refuses: "Der Empfänger hat zu viele Nachrichten abgelehnt.",
    silent: "Der Empfänger hat fünf Tage lang nichts angenommen.",
  },
  mail: {
    binding: "Es fehlt die Bindung EMAIL ([[send_email]] in wrangler.toml).",
    sender: "Die Einstellung mail_from ist nicht gesetzt.",
  },
};
