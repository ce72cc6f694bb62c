import type { SignInWords } from "./sign-in-words.ts";

export const words: SignInWords = {
  locale: "fr-FR",
  invitation: {
    title: "Vous êtes invité à administrer",
    intro: (organization, inviter) =>
      inviter === undefined
        ? `Vous êtes invité à la gestion des appareils de ${organization}.`
        : `${inviter} vous invite à la gestion des appareils de ${organization}.`,
    address: "Pour",
    role: "Vous pourrez",
    roles: {
      viewer: "voir les appareils, les profils et les réglages",
      helpdesk: "voir les appareils, les profils et les réglages, et dépanner un appareil à la fois",
      operator: "gérer les appareils, les profils et les commandes",
      admin: "tout faire, y compris donner accès à d’autres personnes",
    },
    until: "L’invitation est valable jusqu’au",
    signIn: "Se connecter et accepter",
    signInHow:
      "Connectez-vous avec le compte de cette adresse. Une fois la connexion faite, l’invitation est utilisée.",
    accept: "Accepter et afficher le jeton",
    acceptHow: (days) =>
      `Vous recevrez un jeton d’API valable ${days === 1 ? "un jour" : `${days} jours`}. Il n’est affiché qu’une fois : prévoyez un endroit sûr où le garder.`,
    notYou: "Si ce n’est pas votre adresse, fermez cette page et prévenez la personne qui vous a invité.",
  },
  token: {
    title: "Votre jeton",
    actsFor: (name, until) => `Il agit en votre nom (${name}) jusqu’au ${until}.`,
    label: "Jeton d’API",
    once: "Cette page ne l’affiche qu’une fois.",
    use: "Envoyez-le ainsi :",
    end: "Quand vous avez fini, mettez-y fin avec",
  },
};
