import { number, plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["rollouts"]> = {
  lead: "Un changement atteint d’abord quelques appareils, et les autres seulement s’il y réussit.",
  tabs: { all: "Déploiements", plans: "Plans" },
  what: "Ce qui change",
  kinds: { profile: "Profil", declaration: "Déclaration", set: "Groupe", policy: "Règle de mise à jour" },
  state: "État",
  states: {
    running: "En cours",
    halted: "Arrêté",
    finished: "Terminé",
    cancelled: "Repris",
    replaced: "Remplacé par un plus récent",
  },
  progress: "Avancement",
  haveIt: (have, of) => `${number(have)} sur ${number(of)} l’ont`,
  started: "Commencé",
  ended: "Terminé",
  endedByItself: "de lui-même",
  nextRing: "Anneau suivant",
  atTheEarliest: "au plus tôt",
  none: "Il n’y a pas encore de déploiement",
  noneHint:
    "Le changement d’un groupe, d’un profil ou d’une règle de mise à jour va par anneaux si vous choisissez un plan.",
  changed: "Compté",
  counting: "Ses appareils sont en train d’être comptés. Les chiffres seront ici dans quelques minutes.",
  halted: "Il s’est arrêté",
  haltedText:
    "Les appareils des anneaux ouverts gardent le changement. Tous les autres gardent ce qu’ils avaient. Cherchez ce qui a échoué, puis décidez.",
  failedIn: (failed, of) =>
    `échec sur ${number(failed)} de ${plural(of, { one: "# appareil", other: "# appareils" })}.`,
  silentIn: (silent, of) =>
    `${number(silent)} de ${plural(of, { one: "# appareil", other: "# appareils" })} sans réponse.`,
  whichFailed: "Quels appareils ont échoué, et pourquoi",
  rings: "Anneaux",
  ring: (at) => `Anneau ${at}`,
  ringOf: {
    percent: (share) => `${share} de tous les appareils`,
    sets: (names) => `Appareils avec ${names}`,
    rest: "Tous les autres appareils",
  },
  open: "Ouvert",
  notOpen: "Pas encore ouvert",
  noDevices: "Aucun appareil n’y est",
  counts: {
    succeeded: "L’ont",
    failed: "Échecs",
    silent: "Sans réponse",
    waiting: "Réponse attendue",
    not_applicable: "Non concernés",
    devices: "Appareils",
  },
  contains: "Ce qu’il change",
  change: "Changement",
  changes: { version: "Nouvelle version", added: "Ajouté", removed: "Retiré" },
  versions: (former, now) => `Version ${former} → ${now}`,
  plan: "Plan",
  planSays: (hours) =>
    `L’anneau suivant s’ouvre après ${plural(hours, { one: "# heure", other: "# heures" })}.`,
  halts: (failed, silent) =>
    `Le déploiement s’arrête si plus de ${failed} % des appareils d’un anneau échouent, ou si plus de ${silent} % ne répondent pas.`,
  resume: "Continuer",
  resumeTitle: "Le laisser continuer ?",
  resumeText: (failed, silent) =>
    `Ce qui a échoué jusqu’ici est accepté (${plural(failed, { one: "# échec", other: "# échecs" })}, ${number(silent)} sans réponse). Il ne s’arrête de nouveau que s’il y en a plus. L’anneau ouvert a de nouveau ses heures, puis le suivant s’ouvre.`,
  resumeDone: "Le déploiement continue",
  finish: "Donner à tous maintenant",
  finishTitle: "Le donner à tous les appareils maintenant ?",
  finishText: (rest) =>
    plural(rest, {
      one: "# appareil de plus reçoit le changement maintenant. Le déploiement ne s’arrête plus.",
      other: "# appareils de plus reçoivent le changement maintenant. Le déploiement ne s’arrête plus.",
    }),
  finishDone: "Tous les appareils le reçoivent",
  cancel: "Reprendre",
  cancelTitle: "Reprendre le changement ?",
  cancelText: (have) =>
    plural(have, {
      one: "# appareil atteint reçoit de nouveau le contenu d’avant, qui redevient la version la plus récente. Les autres ne remarquent rien.",
      other:
        "# appareils atteints reçoivent de nouveau le contenu d’avant, qui redevient la version la plus récente. Les autres ne remarquent rien.",
    }),
  cancelNobody:
    "Aucun appareil n’a encore été atteint, et aucun ne remarque rien. Le contenu d’avant redevient la version la plus récente.",
  cancelDone: "Le changement est repris",
  begin: {
    title: "Nouveau déploiement",
    hint: "Un déploiement commence par un changement. Choisissez ce qui change, et selon quel plan.",
    what: "Ce qui doit changer",
    whats: {
      set: "Ce que donne un groupe",
      profile: "Une nouvelle version d’un profil",
      policy: "Le système des appareils",
    },
    set: "Groupe",
    how: "Comment",
    hows: { add: "Y ajouter", remove: "En retirer" },
    kind: "Genre",
    name: "Nom",
    choose: "Choisir …",
    profile: "Profil",
    file: "La nouvelle version",
    fileHint: "Un fichier .mobileconfig. Il est vérifié avant d’être enregistré.",
    plan: "Plan",
    noSets: "Il n’y a pas encore de groupe. Créez-en un d’abord dans la bibliothèque.",
    policyHint: "Une règle de mise à jour avec un plan le fait à chaque nouveau système.",
    toPolicy: "Vers les règles de mise à jour",
    go: "Commencer",
    begun: "Le déploiement a commencé",
    allAtOnce: "Le changement est enregistré. Il ne concerne aucun appareil : il n’y a pas de déploiement.",
  },
  plans: {
    hint: "Un plan dit par quelles étapes passe un changement. Un changement nomme son plan ; sans plan, il va à tous les appareils à la fois.",
    critical: "Pour le Wi-Fi, le VPN et tout ce qu’il faut à un appareil pour atteindre ce serveur",
    criticalHint:
      "Une erreur y coupe des appareils, et aucune commande ne les ramène. C’est pourquoi ces changements suivent ce plan, même s’ils n’en nomment aucun.",
    noCritical: "Tous à la fois",
    name: "Nom",
    nameHint: "Petites lettres, chiffres et traits d’union.",
    rings: "Premiers anneaux",
    ringsHint:
      "Un par ligne : une part comme 10 %, qui comprend les anneaux précédents, ou des noms de groupes comme it-staff. Tous les autres appareils sont le dernier anneau.",
    hours: "Heures d’un anneau à l’autre",
    silent: "Sans réponse après (heures)",
    silentHint: "Vide : la durée d’un anneau.",
    maxFailed: "S’arrête au-dessus de % d’échecs",
    maxSilent: "S’arrête au-dessus de % sans réponse",
    add: "Nouveau plan",
    edit: "Modifier",
    save: "Enregistrer le plan",
    saved: "Le plan est enregistré",
    deleteTitle: (name) => `Supprimer le plan ${name} ?`,
    deleteText:
      "Les déploiements en cours gardent leurs anneaux. Les règles de mise à jour qui le nomment doivent en nommer un autre.",
    deleted: "Le plan est supprimé",
    none: "Il n’y a pas de plan",
    last: "tous les autres",
  },
};
export default words;
