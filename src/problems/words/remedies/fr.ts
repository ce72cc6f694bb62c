import type { Remedies } from "./remedies.ts";

const patch = (name: string, value: string): string => `PATCH /api/v1/settings avec {"${name}": ${value}}.`;

export const remedies: Remedies = {
  settings: {
    PUBLIC_URL: {
      what: "Le serveur n’a pas d’adresse fixe et utilise celle de chaque requête",
      remedy: "Définissez PUBLIC_URL ou un domaine personnalisé (docs/configuration.md).",
    },
    MASTER_KEY_PREVIOUS: {
      what: "L’ancienne clé principale est toujours définie",
      remedy: "Lancez la tâche reseal et supprimez MASTER_KEY_PREVIOUS dès qu’elle l’indique.",
    },
    WEBHOOK_ALLOW_LOCAL: {
      what: "Les webhooks peuvent viser des adresses privées et se passer de TLS",
      remedy: "Supprimez WEBHOOK_ALLOW_LOCAL : cette variable sert au développement.",
    },
    SCEP_LEGACY_CIPHERS: {
      what: "SCEP accepte des chiffrements cassés",
      remedy: "Supprimez SCEP_LEGACY_CIPHERS dès qu’aucun client n’en a plus besoin.",
    },
    static_challenge: {
      what: "Toute personne qui connaît le challenge fixe peut obtenir autant d’identités qu’elle veut",
      remedy: patch("static_challenge", "null"),
    },
    allow_replacement: {
      what: "Une inscription qui ne désigne aucun appareil peut en remplacer un déjà inscrit",
      remedy: patch("allow_replacement", "false"),
    },
    trust_reported_identifiers: {
      what: "Un appareil qui ne fait que déclarer un numéro de série reçoit ce qui est destiné à ce numéro",
      remedy: patch("trust_reported_identifiers", "false"),
    },
    unknown_device: {
      what: "Un appareil inconnu reçoit l’ordre de supprimer son profil",
      remedy: patch("unknown_device", '"refuse"'),
    },
    migration: {
      what: "L’accès pour le parc d’un autre serveur est ouvert",
      remedy: `Une fois le parc repris : ${patch("migration", "false")}`,
    },
    compat_destructive: {
      what: "Les scripts d’autres outils peuvent effacer de nombreux appareils en un seul appel, sans confirmation",
      remedy: patch("compat_destructive", "false"),
    },
  },
  outcomes: {
    challenged: {
      what: "Cloudflare répond par un challenge",
      remedy:
        "Dans le tableau de bord Cloudflare de la zone, désactivez Bot Fight Mode (Security, Bots ; il n’admet aucune exception) et exemptez les chemins des appareils, par une règle Skip, des challenges des règles personnalisées, de Super Bot Fight Mode et du mode Under Attack. Les Security Events indiquent lequel était en cause.",
    },
    "access-login": {
      what: "la connexion de Cloudflare Access répond",
      remedy:
        "Retirez Cloudflare Access de ce nom d’hôte, ou ajoutez une politique Bypass pour les chemins des appareils /mdm, /scep, /acme, /crl et /enroll.",
    },
    "browser-check": {
      what: "le Browser Integrity Check rejette la requête (erreur 1010)",
      remedy:
        "Désactivez le Browser Integrity Check pour ce nom d’hôte par une règle de configuration : certains programmes d’Apple n’ont pas de User-Agent habituel.",
    },
    blocked: {
      what: "un élément placé devant ce serveur bloque la requête",
      remedy:
        "Cherchez dans les Security Events de la zone la règle qui l’a bloquée (règles personnalisées ou gérées, accès par IP, verrouillage de zone) et exemptez les chemins des appareils.",
    },
    redirected: {
      what: "une redirection répond",
      remedy:
        "Retirez la redirection (Redirect Rules, Page Rules, Always Use HTTPS) de ce nom d’hôte : un PUT redirigé est perdu.",
    },
    "daily-limit": {
      what: "les requêtes du jour sont épuisées (erreur 1027)",
      remedy: "L’offre Free n’en accepte plus avant minuit UTC ; l’offre Workers Paid n’a pas cette limite.",
    },
    "rate-limited": {
      what: "un élément placé devant ce serveur limite le nombre de requêtes (429)",
      remedy:
        "Cherchez une règle de limitation de débit de la zone qui vise ce nom d’hôte et exemptez les chemins des appareils.",
    },
    "not-ours": {
      what: "un autre serveur répond",
      remedy:
        "Vérifiez à quel Worker, quelle route ou quelle origine mène le nom d’hôte, et si PUBLIC_URL est juste.",
    },
    unexpected: {
      what: "ce serveur ne répond pas comme prévu",
      remedy: "Demandez à /readyz ce qui manque.",
    },
    unreachable: {
      what: "l’adresse est injoignable",
      remedy:
        "Vérifiez que le nom figure dans le DNS, que son certificat est émis et que le domaine personnalisé mène à ce Worker.",
    },
    untested: {
      what: "le Worker ne peut pas tester sa propre adresse",
      remedy:
        "Lancez npm run selftest sur une autre machine ; avec l’option de compatibilité global_fetch_strictly_public, le Worker peut s’interroger lui-même.",
    },
  },
  accounts: {
    terms:
      "Un administrateur de cette organisation doit se connecter à Apple Business ou Apple School Manager et accepter les nouvelles conditions. Les appareils inscrits continuent de fonctionner.",
    rights: "Vérifiez sur le portail d’Apple les droits de ce serveur ou de ce compte d’API.",
    token:
      "Téléchargez dans Apple Business ou Apple School Manager un nouveau jeton pour ce serveur et déposez-le sur ce compte, de préférence avec un compte Apple suivi par plusieurs personnes.",
    key: "Comparez l’identifiant client et l’identifiant de clé avec le portail d’Apple. S’ils sont justes, créez-y une nouvelle clé pour le compte d’API (Préférences, API) et enregistrez-la ici.",
    "user-agent": "Définissez pour ce compte un autre User-Agent : un nom de produit et une version.",
    profile: "Corrigez le profil ADE et enregistrez-le de nouveau.",
    beta: "Activez l’accès aux versions bêta dans Apple Business ou Apple School Manager.",
    wait: "Rien à faire : Apple sera interrogé de nouveau plus tard.",
    "in-between":
      "Apple sera interrogé de nouveau plus tard. Si le problème persiste, vérifiez si un élément entre ce serveur et Apple répond à sa place, et si l’URL de base du compte est juste.",
    "ask-apple": "Apple ne propose pas cette fonction à cette organisation : renseignez-vous auprès d’Apple.",
    report: "C’est un défaut de ce serveur : signalez-le avec le texte de la réponse.",
  },
  checks: {
    token: "le jeton du compte ADE n’est pas valable jusqu’à l’échéance : renouvelez-le",
    profile: "aucune règle ne lui donne de profil ADE : ajoutez une règle, ou attribuez-en un à la main",
    "profile-assigned":
      "Apple n’a pas encore attribué la dernière version du profil ADE ; cela se fait tout seul",
    "awaits-configuration":
      "await_device_configured manque au profil ADE : les apps gérées et leurs données seraient supprimées lors du transfert",
    "not-shared": "le profil ADE est destiné à un iPad partagé, et ces appareils ne se transfèrent pas",
    "file-vault-escrow":
      "le réglage d’inscription file_vault_escrow n’est pas défini : la nouvelle clé FileVault de ce Mac ne serait déposée nulle part",
  },
  limits: {
    "worker-requests": "Requêtes aux Workers",
    "object-requests": "Requêtes aux Durable Objects",
    "object-rows-read": "Lignes lues dans les Durable Objects",
    "object-rows-written": "Lignes écrites dans les Durable Objects",
    "database-rows-read": "Lignes lues dans D1",
    "database-rows-written": "Lignes écrites dans D1",
  },
  paused: {
    gone: "Le destinataire signale qu’il n’existe plus (410).",
    refuses: "Le destinataire a refusé trop de messages.",
    silent: "Le destinataire n’a rien accepté pendant cinq jours.",
  },
  mail: {
    binding: "La liaison EMAIL manque ([[send_email]] dans wrangler.toml).",
    sender: "Le réglage mail_from n’est pas défini.",
  },
};
