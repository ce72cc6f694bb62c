import type { ProblemWords } from "../codes.ts";
import { remedies } from "./remedies/fr.ts";
import { accountRemedy } from "./remedies/remedies.ts";
import { type Facts, formatsOf, hasEnded, isOne, said } from "./wording.ts";

const { day, moment, count: number } = formatsOf("fr-FR");

const ends = (facts: Facts): string =>
  hasEnded(facts) ? `a expiré le ${day(facts.ends_on)}` : `expire le ${day(facts.ends_on)}`;
const devices = ({ count }: Facts, one: string, many: string): string =>
  isOne(count) ? `1 appareil ${one}` : `${number(count)} appareils ${many}`;
const macs = ({ count }: Facts, one: string, many: string): string =>
  isOne(count) ? `Un Mac ${one}` : `${number(count)} Mac ${many}`;
const withAccount = ({ account }: Facts): string =>
  account ? `avec le compte Apple ${account}` : "avec le compte Apple d’origine";

export const words: ProblemWords = {
  "devices-kept-out": {
    title: ({ address }) => `Quelque chose devant ${address} répond aux appareils à la place de ce serveur`,
    means:
      "Les appareils ne peuvent franchir ni challenge, ni connexion, ni redirection : ils se taisent, et rien d’autre ne le signale.",
    todo: ({ request, outcome, detail, remedy }) => {
      const known = said(remedies.outcomes, outcome);
      return `${request} : ${known?.what ?? detail}. ${known?.remedy ?? remedy}`;
    },
  },
  "push-certificate-ends": {
    title: (facts) => `Le certificat push de ${facts.topic} ${ends(facts)}`,
    means:
      "Sans certificat push valable, aucun appareil n’est réveillé : les commandes attendent que les appareils se connectent d’eux-mêmes.",
    todo: (facts) =>
      `Renouvelez-le sur https://identity.apple.com/pushcert ${withAccount(facts)}, par « Renew » et non par « Create », puis déposez-le sur /api/v1/push-certificates.`,
  },
  "push-certificate-missing": {
    title: () => "Il n’y a pas de certificat push",
    means:
      "Aucun appareil n’est réveillé : les commandes attendent que les appareils se connectent d’eux-mêmes.",
    todo: () => "Suivez docs/push.md pour en obtenir un auprès d’Apple.",
  },
  "push-certificate-refused": {
    title: ({ topic }) => `Apple refuse le certificat push de ${topic}`,
    means: "Aucun appareil de ce topic n’est réveillé.",
    todo: (facts) => `Apple répond : ${facts.reason}. Renouvelez le certificat ${withAccount(facts)}.`,
  },
  "push-certificate-other-topic": {
    title: ({ topic, other }) => `${other} a été déposé peu avant l’expiration de ${topic}`,
    means:
      "Cela ressemble à un renouvellement avec le mauvais compte Apple, ou par « Create ». Les appareils n’écoutent que leur propre topic ; ceux de l’ancien devraient être inscrits de nouveau.",
    todo: (facts) => `Renouvelez ${facts.topic} ${withAccount(facts)}, par « Renew ».`,
  },
  "push-certificate-account-unknown": {
    title: ({ topic }) => `Le compte Apple du certificat push de ${topic} n’est pas noté`,
    means:
      "Seul ce compte pourra le renouveler l’an prochain. Sans lui, tous les appareils devraient être inscrits de nouveau.",
    todo: ({ id }) => `Notez-le : PATCH /api/v1/push-certificates/${id}.`,
  },
  "ade-token-ends": {
    title: (facts) => `Le jeton du compte ADE ${facts.account} ${ends(facts)}`,
    means:
      "Sans lui, les nouveaux appareils d’Apple Business ou Apple School Manager sont inconnus ici et ne reçoivent pas de profil. Les appareils inscrits le restent.",
    todo: ({ account, admin }) =>
      `Créez un certificat (POST /api/v1/ade/accounts/${account}/certificate), déposez-le chez Apple pour le même serveur${admin ? ` (la dernière fois, par ${admin})` : ""}, téléchargez le jeton et déposez-le sur /api/v1/ade/accounts/${account}/token.`,
  },
  "ade-account-stopped": {
    title: ({ account, organization }) =>
      `Apple ne sert plus le compte ADE ${account}${organization ? ` de ${organization}` : ""}`,
    means:
      "Les nouveaux appareils sont inconnus ici et ne reçoivent pas de profil. Les appareils inscrits le restent.",
    todo: (facts) => accountRemedy(remedies, "token", facts),
  },
  "api-account-stopped": {
    title: ({ account }) => `Apple ne sert plus le compte d’API ${account}`,
    means:
      "Les commandes d’achat et AppleCare ne sont pas lus, et aucun appareil ne peut être transféré d’ici. Les inscriptions continuent : elles ont leur propre jeton.",
    todo: (facts) => accountRemedy(remedies, "key", facts),
  },
  "content-token-ends": {
    title: (facts) => `Le jeton de contenu de l’emplacement ${facts.location} ${ends(facts)}`,
    means:
      "Sans lui, aucune licence n’est attribuée ni reprise. Les apps installées continuent de fonctionner.",
    todo: ({ location, name }) =>
      `Téléchargez un nouveau jeton de contenu pour ${name} dans le portail d’Apple (Apps et livres), puis importez-le ici : PUT /api/v1/apps-and-books/locations/${location}/token.`,
  },
  "content-location-stopped": {
    title: ({ location }) => `Apple ne sert plus l’emplacement ${location} d’Apps et livres`,
    means: "Aucune licence n’est attribuée ni reprise. Les apps installées continuent de fonctionner.",
    todo: ({ location, detail }) =>
      `Vérifiez le jeton de contenu dans le portail d’Apple et, au besoin, importez-en un nouveau : PUT /api/v1/apps-and-books/locations/${location}/token. (${detail})`,
  },
  "content-location-taken": {
    title: ({ location, by }) => `${by} gère désormais l’emplacement ${location} d’Apps et livres`,
    means: "Ce serveur n’y écrit plus rien : deux serveurs se prendraient mutuellement des licences.",
    todo: ({ location, metadata }) =>
      `Retirez le jeton de l’autre serveur (${metadata}) et reprenez l’emplacement : POST /api/v1/apps-and-books/locations/${location}/take-over. Ou supprimez-le ici.`,
  },
  "licences-missing": {
    title: ({ count, app, location }) =>
      isOne(count)
        ? `Il manque une licence de ${app} dans ${location}`
        : `Il manque ${number(count)} licences de ${app} dans ${location}`,
    means: "Des appareils ou des personnes qui doivent avoir l’app attendent une licence.",
    todo: () =>
      "Achetez-en dans le portail d’Apple, même si l’app est gratuite, ou libérez-en ici. La suite se fait d’elle-même.",
  },
  "licence-counts-differ": {
    title: ({ app, location, assigned, held }) =>
      `Apple compte ${number(assigned)} licences attribuées de ${app} dans ${location} et en énumère ${number(held)}`,
    means:
      "Le nombre et la liste se contredisent depuis plus d’un jour, bien que les deux aient été relus. Rien n’a été retiré à personne.",
    todo: ({ location }) =>
      `Comparez avec le portail d’Apple (Apps et livres). POST /api/v1/apps-and-books/locations/${location}/sync relit tout. Si l’écart demeure, demandez à l’assistance d’Apple : seul Apple peut corriger ses nombres.`,
  },
  "rollout-halted": {
    title: ({ subject }) => `Le déploiement progressif de ${subject} s’est arrêté`,
    means:
      "Les appareils des étapes ouvertes ont le changement ; les autres gardent ce qu’ils avaient, jusqu’à ce que quelqu’un décide.",
    todo: ({ id, reason }) =>
      `${reason}. Les nombres : GET /api/v1/rollouts/${id} ; ensuite POST sur son /resume, /cancel ou /finish.`,
  },
  "migrations-not-ready": {
    title: (facts) =>
      `${devices(facts, "n’est pas prêt", "ne sont pas prêts")} à passer à ${facts.account} ; la première échéance est le ${day(facts.deadline)}`,
    means:
      "Apple transfère les appareils à leur échéance, prêts ou non : ils peuvent perdre des apps gérées et des données, ou rester sans gestion.",
    todo: ({ account, device, checks, missing }) => {
      const known = String(checks ?? "")
        .split(" ")
        .flatMap((check) => said(remedies.checks, check) ?? []);
      return `Le premier est ${device} : ${known.join(" ; ") || missing}. Tous : GET /api/v1/ade/migrations?account=${account}&arrived=false`;
    },
  },
  "authority-ends": {
    title: (facts) => `L’autorité de certification ${facts.subject} ${ends(facts)}`,
    means: "Les identités qu’elle a émises ne sont plus acceptées après cette date.",
    todo: () =>
      "Créez une nouvelle autorité et faites-la émettre (docs/identities.md), assez tôt pour que toutes les identités soient renouvelées sous elle.",
  },
  "authority-missing": {
    title: () => "Aucune autorité de certification n’émet d’identités",
    means: "Aucun appareil ne peut s’inscrire ni renouveler son identité.",
    todo: () => "Créez-en une : POST /api/v1/authorities.",
  },
  "identities-not-renewed": {
    title: (facts) => devices(facts, "ne renouvelle pas son identité", "ne renouvellent pas leur identité"),
    means:
      "Le renouvellement est en retard. Une fois l’identité expirée et le délai de grâce passé, l’appareil doit être inscrit de nouveau à la main.",
    todo: ({ first_ends_on, device }) =>
      `Examinez l’appareil ${device}, dont l’identité expire la première (${day(first_ends_on)}) : est-il allumé, accepte-t-il les commandes ?`,
  },
  "identities-ended": {
    title: (facts) => devices(facts, "a une identité expirée", "ont une identité expirée"),
    means:
      "Pendant le délai de grâce, ils peuvent encore la renouveler ; ensuite, ils doivent être inscrits de nouveau.",
    todo: ({ device, grace_days }) =>
      `Connectez-les dans les ${grace_days} jours suivant l’expiration (réglage identity_grace_days), par exemple ${device}.`,
  },
  "provisioning-profile-ends": {
    title: (facts) => `Le profil d’approvisionnement ${facts.name} ${ends(facts)}`,
    means: "Après cette date, les apps signées avec lui ne démarrent plus.",
    todo: () =>
      "Créez-en un nouveau sur le portail des développeurs d’Apple et déposez-le sur /api/v1/provisioning-profiles.",
  },
  "signing-certificate-ends": {
    title: (facts) => `Le certificat ${facts.subject}, qui signe les profils, ${ends(facts)}`,
    means:
      "Après cette date, c’est l’autorité émettrice qui signe les profils, et les appareils ne les affichent pas comme vérifiés.",
    todo: () => "Déposez-en un nouveau sur /api/v1/signing-certificates.",
  },
  "webhook-paused": {
    title: ({ name }) => `Le webhook ${name} est en pause`,
    means:
      "Il ne reçoit aucun événement. Les nouveaux événements sont conservés aussi longtemps que l’indique le réglage events_days.",
    todo: ({ kind, reason, id }) =>
      `${said(remedies.paused, kind) ?? `La raison : ${reason}.`} Réparez le destinataire, puis PATCH /api/v1/webhooks/${id} avec {"state":"active"}.`,
  },
  "webhook-failing": {
    title: ({ name, since }) => `Le webhook ${name} échoue depuis le ${moment(since)}`,
    means: "Les messages attendent et aucun n’est perdu ; au bout de cinq jours, il est mis en pause.",
    todo: ({ fault, id }) =>
      `Le dernier essai : « ${fault} ». Testez-le avec POST /api/v1/webhooks/${id}/ping.`,
  },
  "webhook-dead-letters": {
    title: ({ name, count }) =>
      `Le webhook ${name} a refusé ${isOne(count) ? "un message" : `${number(count)} messages`}`,
    means: "Après trois jours d’essais, ils ont été abandonnés. Les messages suivants ont été envoyés.",
    todo: ({ id }) =>
      `Voir GET /api/v1/webhooks/${id}/dead-letters ; pour les renvoyer : POST …/dead-letters/replay.`,
  },
  "queues-stuck": {
    title: (facts) =>
      `${devices(facts, "se connecte mais laisse", "se connectent mais laissent")} des commandes en attente depuis plus de ${facts.days} jours`,
    means: "Ces appareils se connectent, mais n’exécutent pas leurs commandes.",
    todo: ({ device, request_type }) =>
      `Examinez les commandes de ${device}, où ${request_type} attend : les appareils reportent les commandes qui demandent une personne.`,
  },
  "devices-silent": {
    title: (facts) =>
      `${devices(facts, "n’a pas été vu", "n’ont pas été vus")} depuis plus de ${facts.days} jours`,
    means: "Ils sont éteints, perdus, ou n’atteignent pas ce serveur ; aucune modification ne leur parvient.",
    todo: () => "La liste : GET /api/v1/devices?state=enrolled&seen_before=…",
  },
  "escrow-missing-bootstrap-token": {
    title: (facts) => macs(facts, "n’a pas de jeton Bootstrap déposé", "n’ont pas de jeton Bootstrap déposé"),
    means:
      "Sans lui, les mises à jour et les extensions sur puce Apple demandent une personne et son mot de passe.",
    todo: ({ device }) =>
      `Un administrateur doté d’un jeton sécurisé ouvre une session sur le Mac (par exemple ${device}), ou exécute \`sudo profiles install -type bootstraptoken\`.`,
  },
  "escrow-missing-filevault-key": {
    title: (facts) =>
      macs(
        facts,
        "est chiffré, mais aucune clé de secours n’est déposée",
        "sont chiffrés, mais aucune clé de secours n’est déposée",
      ),
    means: "Si le mot de passe est oublié, les données du disque sont perdues.",
    todo: ({ device }) =>
      `Donnez-leur le profil de dépôt et remplacez la clé (docs/commands.md), par exemple ${device}.`,
  },
  "escrow-missing-recovery-lock": {
    title: (facts) =>
      macs(
        facts,
        "a un verrou de récupération dont le mot de passe n’est pas déposé",
        "ont un verrou de récupération dont le mot de passe n’est pas déposé",
      ),
    means:
      "Personne ne peut démarrer le système de récupération, ni changer le mot de passe sans le connaître.",
    todo: ({ device }) =>
      `La personne qui l’a posé doit le retirer sur le Mac (par exemple ${device}) ; posez-en alors un par SetRecoveryLock, qui est déposé (docs/commands.md).`,
  },
  "attestations-failed": {
    title: (facts) => devices(facts, "répond sans attestation valable", "répondent sans attestation valable"),
    means: "Apple ne confirme pas ce qu’ils déclarent être, ou confirme autre chose.",
    todo: ({ device }) =>
      `Voir attestation dans GET /api/v1/devices/${device} : la raison y figure. Un appareil présenté à la place d’un autre doit être examiné par une personne (docs/attestation.md).`,
  },
  "profile-failed": {
    title: (facts) => `${devices(facts, "n’a pas", "n’ont pas")} installé le profil ${facts.identifier}`,
    means: "Ses réglages n’y sont pas appliqués.",
    todo: ({ identifier }) => `La raison : GET /api/v1/profiles/${identifier}/devices?state=failed`,
  },
  "declaration-failed": {
    title: ({ identifier, count }) =>
      `Sur ${isOne(count) ? "1 appareil" : `${number(count)} appareils`}, la déclaration ${identifier} n’est pas valide`,
    means: "Ses réglages n’y sont pas appliqués.",
    todo: ({ identifier }) => `La raison : GET /api/v1/declarations/${identifier}/status`,
  },
  "app-given-up": {
    title: ({ app, count }) =>
      `Sur ${isOne(count) ? "1 appareil" : `${number(count)} appareils`}, l’app ${app} a définitivement échoué`,
    means: "Plusieurs essais ont été faits. Il n’y en aura un autre que si quelque chose change.",
    todo: ({ app }) =>
      `La raison : GET /api/v1/apps/${app}/devices?state=failed. Corrigez-la, puis enregistrez l’app avec la modification.`,
  },
  "app-bundle-id-differs": {
    title: (facts) =>
      `${devices(facts, "signale", "signalent")} l’app ${facts.app} comme ${facts.told} ; la boutique indique ${facts.expected}`,
    means:
      "Ce serveur suit ce que disent les appareils. Un profil qui nomme l’app par l’identifiant de la boutique en désigne une autre.",
    todo: ({ app, told }) =>
      `Vérifiez l’identifiant App Store : GET /api/v1/apps/${app}. Si c’est la bonne app, écrivez ${told} là où vous la nommez par son identifiant de paquet. La boutique est interrogée de nouveau chaque jour.`,
  },
  "updates-overdue": {
    title: (facts) =>
      `${devices(facts, "est", "sont")} en retard selon la politique de mise à jour ${facts.policy}`,
    means: "L’échéance est passée et ils utilisent encore un système plus ancien.",
    todo: ({ policy }) => `Leur état : GET /api/v1/software-updates/policies/${policy}/progress`,
  },
  "apple-list-stale": {
    title: ({ last }) =>
      last
        ? `La liste des systèmes d’Apple a été lue pour la dernière fois le ${day(last)}`
        : "La liste des systèmes d’Apple n’a jamais été lue",
    means:
      "Les systèmes parus depuis sont inconnus : les politiques qui suivent le plus récent en restent au précédent.",
    todo: ({ trouble }) =>
      `${trouble ? `Le dernier essai : « ${trouble} ». ` : ""}Relancez la tâche apple-systems (docs/declarations.md), ou indiquez vous-même les nouvelles versions.`,
  },
  "platform-limit": {
    title: ({ percent }) => `La base de données est remplie à ${percent} % ou plus`,
    means:
      "Une fois pleine, elle n’enregistre plus rien : les listes prennent du retard, les commandes et les réglages sont refusés.",
    todo: ({ used, limit }) =>
      `Elle contient ${used} sur ${limit} (réglage platform_database_mb). Réduisez events_days et audit_days, supprimez les appareils partis, ou passez à une offre supérieure.`,
  },
  "daily-limit": {
    title: ({ metric, what, percent, day: on }) =>
      `${said(remedies.limits, metric) ?? what} : ${percent} % ou plus de la limite quotidienne utilisés le ${day(on)}`,
    means:
      "À la limite de l’offre Free, Cloudflare refuse tout jusqu’à minuit UTC. Les appareils reviennent ensuite d’eux-mêmes, mais rien ne leur parvient d’ici là.",
    todo: ({ used, limit }) =>
      `Le compte a utilisé ${number(used)} sur ${number(limit)}. Passez à Workers Paid, qui n’a pas de limites quotidiennes, ou cherchez ce qui fait tant de requêtes (docs/cost.md).`,
  },
  "daily-use-not-read": {
    title: () => "Cloudflare n’indique pas ce que le compte consomme",
    means: "Personne n’est averti à l’approche d’une limite quotidienne.",
    todo: ({ trouble }) =>
      `Le dernier essai : « ${trouble} ». Vérifiez les réglages cloudflare_account_id et cloudflare_api_token (docs/cost.md), ou mettez-les à null.`,
  },
  "newer-release": {
    title: ({ newest }) => `La version ${newest} est parue`,
    means: "Elle peut contenir des corrections qui manquent ici.",
    todo: ({ version }) =>
      `La version installée est ${version}. Lisez le journal des modifications, puis : npm run upgrade (docs/upgrade.md).`,
  },
  "mail-not-sent": {
    title: ({ to }) => `Le courrier n’arrive pas à ${to}`,
    means:
      "Les messages sur les problèmes partent aux adresses du réglage mail_to, et celles-ci ne les reçoivent pas.",
    todo: ({ lacks, trouble }) =>
      `${said(remedies.mail, lacks) ?? `Le dernier essai : « ${trouble} ».`} Voir docs/mail.md ; testez avec POST /api/v1/mail/test, ou videz mail_to.`,
  },
  "backup-old": {
    title: ({ last }) =>
      last ? `La dernière sauvegarde date du ${day(last)}` : "Aucune sauvegarde n’a jamais été faite",
    means: "Si le compte Cloudflare est perdu, toutes les modifications faites depuis le sont aussi.",
    todo: () => "Lancez npm run backup et gardez le fichier hors de Cloudflare (docs/backup.md).",
  },
  "unsafe-setting": {
    title: ({ setting, what }) => said(remedies.settings, setting)?.what ?? String(what),
    means: "C’est permis, mais moins sûr que possible.",
    todo: ({ setting, remedy }) => said(remedies.settings, setting)?.remedy ?? String(remedy),
  },
};
