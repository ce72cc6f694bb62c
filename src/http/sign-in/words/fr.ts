import type { SignInWords } from "./sign-in-words.ts";

const ask = "Prévenez les personnes qui s’occupent de vos appareils.";
const misconfigured = (why: string) => ({ title: "La connexion ne fonctionne pas encore", why, next: ask });

export const words: SignInWords = {
  locale: "fr-FR",
  code: {
    title: (organization) => `Se connecter à ${organization}`,
    heading: "Connectez-vous avec votre invitation",
    ask: (organization) =>
      `Saisissez le code que ${organization} vous a donné. Il se trouve à la fin du lien de l’invitation, après code=.`,
    wrong: "Ce code n’est pas valable.",
    wrongHelp:
      "Il peut être mal saisi, utilisé, expiré ou retiré. S’il ne s’agit pas d’une faute de frappe, demandez-en un nouveau.",
    label: "Code",
    next: "Continuer",
  },
  refusals: {
    cancelled: {
      title: "Vous ne vous êtes pas connecté",
      why: "La connexion a été annulée, ou votre organisation ne l’autorise pas pour cet usage.",
      next: "Réessayez, ou demandez aux personnes qui s’occupent de vos appareils.",
    },
    "provider-refused": misconfigured(
      "Le service de connexion de votre organisation a refusé la demande de ce serveur.",
    ),
    "provider-unreachable": {
      title: "Le service de connexion ne répond pas",
      why: "Le service de connexion de votre organisation est injoignable pour le moment. Rien n’est perdu.",
      next: "Réessayez dans une minute.",
    },
    "provider-misbehaves": misconfigured(
      "Le service de connexion de votre organisation a donné une réponse incompréhensible ici.",
    ),
    "client-not-accepted": misconfigured(
      "Le service de connexion de votre organisation ne connaît pas ce serveur, ou pas son mot de passe.",
    ),
    "state-unknown": {
      title: "Cette connexion est terminée",
      why: "Elle a été commencée il y a trop longtemps, ou une partie de l’adresse manque.",
      next: "Recommencez là où vous étiez parti.",
    },
    "other-browser": {
      title: "Cette connexion a commencé ailleurs",
      why: "Elle a été commencée dans un autre navigateur ou sur un autre appareil, ou ce navigateur ne garde pas les cookies.",
      next: "Recommencez, restez dans une seule fenêtre et autorisez les cookies.",
    },
    "code-spent": {
      title: "Cette connexion a déjà été utilisée",
      why: "La page a été ouverte deux fois, ou cela a pris trop de temps.",
      next: "Réessayez.",
    },
    "token-invalid": {
      title: "Vous n’avez pas pu être connecté",
      why: "Ce que le service de connexion dit de vous ne peut pas être vérifié.",
      next: "Réessayez. Si cela n’aide pas, prévenez les personnes qui s’occupent de vos appareils.",
    },
    "clock-differs": misconfigured(
      "Les horloges de ce serveur et du service de connexion ne concordent pas.",
    ),
    "no-account": {
      title: "Votre compte est incomplet",
      why: "Le service de connexion n’indique pas sous quelle adresse votre organisation vous connaît.",
      next: ask,
    },
    "domain-not-allowed": {
      title: "Ce compte n’est pas celui de cette organisation",
      why: "Vous vous êtes connecté avec un compte qui n’est pas accepté ici.",
      next: "Réessayez avec le compte de votre travail ou de votre école.",
    },
    "email-not-verified": {
      title: "Votre adresse n’est pas vérifiée",
      why: "Le service de connexion ne sait pas encore si cette adresse est la vôtre.",
      next: "Vérifiez-la auprès de ce service, puis réessayez.",
    },
    "access-missing": misconfigured(
      "Cette page doit être ouverte par la connexion de votre organisation, et ne l’a pas été.",
    ),
    "invitation-unknown": {
      title: "Ce code n’est pas valable",
      why: "Il peut être mal saisi, utilisé, expiré ou retiré.",
      next: "S’il ne s’agit pas d’une faute de frappe, demandez-en un nouveau.",
    },
    "administrators-not-set": {
      title: "Les administrateurs ne se connectent pas ici",
      why: "Aucun service de connexion n’est défini pour eux. Ils utilisent des jetons d’API.",
      next: "Demandez un jeton à un administrateur, ou de définir PUT /api/v1/sign-in/administrators.",
    },
    "not-an-administrator": {
      title: "Vous n’êtes pas administrateur ici",
      why: "Vous êtes connecté, mais aucune règle de ce serveur ne vous donne de rôle.",
      next: "Demandez à un administrateur de vous ajouter aux règles, vous ou votre groupe.",
    },
    "administrator-invitation-unknown": {
      title: "Cette invitation n’est pas valable",
      why: "Elle a été utilisée, retirée ou est trop ancienne, ou une partie du lien manque.",
      next: "Demandez-en une nouvelle à la personne qui vous a invité.",
    },
    "administrator-invitation-of-another": {
      title: "Cette invitation est pour une autre adresse",
      why: "Vous êtes connecté avec une adresse qui n’a pas été invitée, ou qui n’est pas vérifiée.",
      next: "Connectez-vous avec l’adresse à laquelle l’invitation a été envoyée.",
    },
    "program-not-accepted": {
      title: "Cette connexion ne peut pas commencer",
      why: "Le programme qui a ouvert cette page demande quelque chose qui n’est pas permis ici.",
      next: "Mettez le programme à jour, ou indiquez à ses auteurs la raison inscrite au journal.",
    },
    "invitation-without-account": {
      title: "Cette invitation n’est destinée à personne en particulier",
      why: "Elle ne désigne aucun compte, et il en faut un ici.",
      next: "Demandez une invitation établie à votre nom.",
    },
  },
  again: "Réessayer",
  inLog: "La personne qui vous aide peut retrouver ceci dans le journal :",
  fault: {
    title: "Cela n’a pas fonctionné",
    why: "Quelque chose a échoué sur le serveur.",
    next: "Réessayez dans une minute.",
  },
  administrator: {
    title: "Se connecter en tant qu’administrateur",
    you: "Vous êtes",
    role: "Rôle",
    lasts: "Pour",
    hours: (hours) => `${hours} ${hours === 1 ? "heure" : "heures"}`,
    showsToken: "Cette page vous montrera un jeton d’API.",
    console: "La console de ce serveur agira en votre nom.",
    program: (host) =>
      `Un programme sur cet ordinateur (${host}) demande à agir en votre nom. Ne continuez que si vous venez de le lancer vous-même.`,
    next: "Continuer",
    stop: "Fermez cette page si vous n’êtes pas à l’origine de cette demande.",
  },
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
  me: {
    title: (organization) => `Connecté à ${organization}`,
    heading: "Vous êtes connecté",
    name: "Nom",
    account: "Compte Apple géré",
    device: "Un appareil",
    yours: "Le vôtre, utilisé pour le travail",
    managed: (organization) => `Géré par ${organization}`,
    since: (day) => `depuis le ${day}`,
    privacy: (organization) => `Ce que ${organization} peut et ne peut pas voir`,
    signOut: "Se déconnecter",
    signedOut: "Vous êtes déconnecté",
    signedOutHelp:
      "Ce navigateur ne vous connaît plus ici. Si d’autres personnes l’utilisent, fermez aussi ses fenêtres.",
    signInAgain: "Se reconnecter",
  },
  kept: {
    sees: (organization) => `${organization} ne peut pas voir`,
    does: (organization) => `${organization} ne peut pas`,
    seen: [
      "vos propres apps, ni lesquelles vous avez",
      "vos e-mails, messages, photos, calendriers, contacts et documents",
      "les pages web que vous ouvrez, et où se trouve l’appareil",
      "son numéro de série, son numéro de téléphone et les autres numéros qui ne changent jamais",
      "votre code",
    ],
    done: [
      "effacer l’appareil ou quoi que ce soit qui vous appartient",
      "supprimer votre code",
      "changer le fonctionnement de l’appareil pour vous, au-delà de ce qui est indiqué ci-dessus",
      "vous empêcher d’y mettre fin : supprimez le profil dans Réglages à tout moment, et tout ce qui relève du travail disparaît avec lui",
    ],
    management: "La gestion des appareils elle-même ne lit ni vos messages, ni vos photos, ni vos appels.",
  },
  before: {
    own: (organization) => `Utiliser cet appareil pour ${organization}`,
    ownHelp:
      "L’appareil reste le vôtre. Ce qui relève du travail est séparé de ce qui vous appartient. Voici ce que cela signifie.",
    managed: (organization) => `Laisser ${organization} gérer cet appareil`,
    managedHelp: (organization) =>
      `L’appareil est configuré et suivi par ${organization}. Voici ce que cela signifie.`,
    next: "Continuer vers la connexion",
    stop: "Rien n’a encore été fait. Fermez cette page pour arrêter.",
  },
  setup: {
    title: "Configuration",
    heading: "Cela n’a pas fonctionné",
    notADevice: "Cette page est ouverte par un appareil en cours de configuration.",
    notApples: "Cet appareil n’a pas pu montrer qu’il est un appareil d’Apple.",
    tooMuch: "Cet appareil en dit trop sur lui-même.",
    notHere: "Cet appareil ne peut pas être configuré ici.",
    unknownDevice:
      "Cet appareil n’est pas attribué à ce serveur. Attribuez-le dans Apple Business, puis réessayez.",
    unpairedWatch:
      "Cette montre n’est pas jumelée à un iPhone géré. Dissociez-la, puis jumelez-la de nouveau.",
    notReady:
      "Ce serveur ne peut pas encore inscrire d’appareils. Prévenez les personnes qui s’occupent de vos appareils.",
  },
};
