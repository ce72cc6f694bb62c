import type { MailWords } from "./mail-words.ts";

export const fr: MailWords = {
  locale: "fr-FR",
  problems: {
    urgentSubject: (organization, count) =>
      `${organization} : ${count === 1 ? "un problème urgent" : `${count} problèmes urgents`} de la gestion des appareils`,
    digestSubject: (organization, count) =>
      `${organization} : ${count === 1 ? "un problème" : `${count} problèmes`} de la gestion des appareils`,
    urgentIntro: "Ceci ne fonctionne pas, ou cessera de fonctionner d’ici une semaine :",
    digestIntro: "Voici les problèmes ouverts, les plus urgents d’abord :",
    urgency: { urgent: "Urgent", soon: "Bientôt", notice: "À noter" },
    todo: "Que faire",
    since: (date) => `depuis le ${date}`,
    devices: (count, written) => (count === 1 ? "1 appareil" : `${written} appareils`),
    more: (count) => `et ${count} de plus`,
    footer: (host) => `Envoyé par la gestion des appareils de ${host} aux adresses du réglage mail_to.`,
  },
  invitation: {
    subject: (organization) => `${organization} : inscrivez votre appareil`,
    intro: (organization) =>
      `${organization} vous invite à faire gérer votre iPhone, iPad ou Mac. Ouvrez ce lien sur l’appareil, dans Safari :`,
    button: "Inscrire l’appareil",
    where: "La page indique ce que la gestion peut voir et modifier, avant toute installation.",
    until: (date) => `Le lien est valable jusqu’au ${date}.`,
    footer: (organization) =>
      `Ce lien vous est destiné : ne le transmettez pas. Si vous n’attendiez pas ce message, renseignez-vous auprès de ${organization} avant de l’ouvrir.`,
  },
  colleague: {
    subject: (organization) => `${organization} : participez à la gestion des appareils`,
    intro: (organization, inviter) =>
      `${inviter} vous invite à la gestion des appareils de ${organization}. Ouvrez ce lien pour accepter :`,
    role: {
      viewer: "Vous pourrez voir les appareils, les profils et les réglages.",
      helpdesk:
        "Vous pourrez voir les appareils, les profils et les réglages, et dépanner un appareil à la fois.",
      operator: "Vous pourrez gérer les appareils, les profils et les commandes.",
      admin: "Vous pourrez tout faire, y compris donner accès à d’autres personnes.",
    },
    button: "Voir l’invitation",
    until: (moment) => `Le lien est valable une seule fois, jusqu’au ${moment}.`,
    footer: (inviter) =>
      `Ce lien vous est destiné : ne le transmettez pas. Si vous n’attendiez pas ce message, renseignez-vous auprès de ${inviter} avant de l’ouvrir.`,
  },
  test: {
    subject: (organization) => `${organization} : un test de la gestion des appareils`,
    body: (host) => `Les messages de la gestion des appareils de ${host} arrivent à cette adresse.`,
  },
};
