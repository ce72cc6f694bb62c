import type { ShelfWords } from "./shelf-words.ts";

const ask = "demandez aux personnes qui s’occupent de vos appareils.";

export const words: ShelfWords = {
  locale: "fr-FR",
  title: (organization) => `Libre-service de ${organization}`,
  heading: "Choisissez ce dont vous avez besoin",
  intro: (organization, device) =>
    `${organization} propose ceci pour ${device}. Ce que vous installez ou supprimez ici ne change que cet appareil.`,
  thisDevice: "cet appareil",
  empty: "Rien n’est proposé pour cet appareil en ce moment.",
  kinds: { profile: "Réglages", declaration: "Réglages", app: "App" },
  states: {
    available: "Pas installé",
    installing: (since) => `Installation en cours, demandée ${since}`,
    waiting_for_licence: "En attente d’une licence",
    waiting_for_person: "En attente de votre accord",
    installed: "Installé",
    failed: "Pas installé : cela n’a pas fonctionné",
    not_applicable: "Pas pour cet appareil",
    removing: (since) => `Suppression en cours, demandée ${since}`,
  },
  help: {
    installing: "Laissez l’appareil allumé et connecté à Internet.",
    waiting_for_licence:
      "Toutes les licences sont prises. L’installation continue toute seule dès qu’il y en a une.",
    waiting_for_person:
      "Votre appareil vous pose une question : cherchez un message à l’écran et acceptez-le.",
    failed: `Le serveur réessaie tout seul. Si rien ne change, ${ask}`,
    not_applicable:
      "Ce type d’appareil ou son système ne peut pas l’utiliser. Vous pouvez annuler votre choix.",
    removing: "Laissez l’appareil allumé et connecté à Internet.",
  },
  install: "Installer",
  remove: "Supprimer",
  cancel: "Annuler",
  of: (button, name) => `${button} : ${name}`,
  again: "Vérifier à nouveau",
  reloads: "Cette page se met à jour toute seule tant que quelque chose est en cours.",
  contact: "Des questions ?",
  link: {
    title: "Ce lien ne fonctionne pas",
    why: "Il est incomplet, il a été remplacé par un nouveau, ou l’appareil n’est plus géré.",
    next: `Ouvrez la page avec l’icône de votre appareil. S’il n’y en a pas, ou si cela n’aide pas, ${ask}`,
  },
  notOffered: {
    title: "Ceci n’est plus proposé",
    why: "Cela a changé entre-temps. Rien n’a été installé ni supprimé.",
    next: "Revenez à la liste pour voir ce qui est proposé maintenant.",
  },
  elsewhere: {
    title: "Choisissez à nouveau sur la page elle-même",
    why: "La demande venait d’une autre page, rien n’a donc été changé.",
    next: "Revenez à la liste et choisissez-y.",
  },
  busy: {
    title: "Trop de demandes",
    why: "Il y a eu trop de demandes en une minute. Celle-ci n’a rien changé.",
    next: "Attendez une minute, puis réessayez.",
  },
  fault: {
    title: "Cela ne fonctionne pas pour l’instant",
    why: "Le serveur a un problème. Rien n’est perdu.",
    next: "Réessayez dans quelques minutes.",
  },
  back: "Revenir à la liste",
};
