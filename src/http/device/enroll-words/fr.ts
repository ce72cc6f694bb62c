import type { Words } from "./words.ts";

export const fr: Words = {
  locale: "fr-FR",
  title: (organization) => `Inscription d’un appareil : ${organization}`,
  heading: (organization) => `Confier la gestion de cet appareil à ${organization}`,
  button: "Télécharger le profil",
  intro: (organization, host) =>
    `Une fois le profil installé, ${organization} peut configurer et gérer l’appareil par ${host}. Lisez ci-dessous ce que cela signifie.`,
  scan: "Pour un iPhone ou un iPad, scannez ce code avec son appareil photo. Pour ce Mac, utilisez le bouton.",
  elsewhere:
    "Seuls les appareils Apple peuvent être inscrits. Scannez ce code avec l’appareil photo de votre iPhone ou iPad, ou ouvrez cette page sur votre Mac.",
  qr: "Code QR avec l’adresse de cette page",
  notForUse: "Ne pas utiliser.",
  placeholder:
    "Le sujet push est provisoire : aucune notification push n’atteindra cet appareil. Ajoutez un certificat push, ou définissez mdm.Topic, avant d’inscrire de vrais appareils.",
  sees: (organization) => `${organization} peut voir`,
  does: (organization) => `${organization} peut`,
  rights: {
    16: "le nom, le modèle, le numéro de série, la version du système et l’espace libre",
    32: "le numéro de téléphone, l’opérateur et les adresses réseau",
    256: "les apps installées",
    1: "les profils de configuration installés",
    64: "les profils d’approvisionnement installés pour les apps internes",
    512: "les restrictions en vigueur",
    1024: "si l’appareil a un code et s’il est chiffré",
    2: "le configurer par des profils : Wi-Fi, VPN, courrier, certificats, règles de code et restrictions",
    4096: "installer des apps et supprimer celles ainsi installées",
    2048: "modifier des réglages, comme le nom ou l’itinérance",
    128: "ajouter et supprimer des profils d’approvisionnement pour les apps internes",
    4: "le verrouiller et supprimer son code",
    8: "effacer tout son contenu",
  },
  userSees: [
    "le nom, le modèle, la version du système, l’espace libre et le niveau de la batterie",
    "les apps, comptes et profils installés pour le travail",
    "si le code respecte les règles",
  ],
  userDoes: [
    "ajouter des comptes, apps et réglages de travail, séparés des vôtres",
    "exiger un code à six chiffres",
    "verrouiller l’écran d’un iPhone ou d’un iPad",
    "supprimer ce qui a été ajouté",
  ],
  privacy:
    "La gestion elle-même ne lit ni vos messages, ni vos photos, ni vos appels. Ce qu’elle installe figure à tout moment dans les réglages de l’appareil.",
  removable: "Supprimer le profil à cet endroit y met fin.",
  consent: "Ce que vous acceptez",
  until: (time) => `Ce lien est valable jusqu’au ${time}.`,
  contact: "Des questions ?",
  after: "Après le téléchargement",
  steps: {
    iphone: {
      title: "iPhone, iPad ou Vision Pro",
      steps: [
        "Ouvrez cette page dans Safari, touchez « Télécharger le profil », puis « Autoriser ».",
        "Ouvrez Réglages et touchez en haut « Profil téléchargé » ou « S’inscrire à… ». S’il n’y est pas : Général, puis « VPN et gestion de l’appareil ».",
        "Touchez Installer et saisissez votre code. Lisez le texte et touchez encore Installer.",
        "Touchez « Se fier », puis terminez.",
      ],
    },
    mac: {
      title: "Mac",
      steps: [
        "Cliquez sur « Télécharger le profil ». Si le navigateur le demande, autorisez le téléchargement et ouvrez le fichier.",
        "Ouvrez Réglages Système, Général, puis « Gestion de l’appareil » (avant macOS 15 : « Confidentialité et sécurité », puis Profils).",
        "Double-cliquez sur le profil, puis cliquez sur Installer ou Inscrire.",
        "Saisissez le mot de passe d’un administrateur de ce Mac.",
      ],
    },
    tv: {
      title: "Apple TV",
      steps: [
        "L’Apple TV n’a pas de navigateur : il lui faut l’adresse du profil, celle du lien « Télécharger le profil ».",
        "Ouvrez Réglages, Général, puis « Confidentialité et sécurité ». Placez-vous sur « Partager l’analyse de l’Apple TV » sans appuyer.",
        "Appuyez sur Lecture/Pause, choisissez « Ajouter un profil » et saisissez l’adresse.",
        "Choisissez Installer et confirmez. Apple Configurator sur un Mac peut aussi l’installer.",
      ],
    },
  },
  problems: {
    unknown: {
      title: "Ce lien est inconnu",
      why: "Il en manque peut-être une partie.",
      next: "Ouvrez-le de nouveau depuis le message reçu, ou scannez encore le code. Sinon, demandez-en un nouveau.",
    },
    expired: {
      title: "Ce lien a expiré",
      why: "Il n’était valable qu’un certain temps.",
      next: "Demandez-en un nouveau à la personne qui l’a envoyé.",
    },
    "used-up": {
      title: "Ce lien a déjà servi",
      why: "Il valait pour un nombre d’appareils, et ils sont inscrits.",
      next: "Si vous venez de télécharger le profil, continuez dans Réglages. Sinon, demandez un nouveau lien.",
    },
    revoked: {
      title: "Ce lien a été retiré",
      why: "La personne qui l’a créé l’a annulé.",
      next: "Demandez-en un nouveau si vous en avez besoin.",
    },
    "no-code": {
      title: "Il vous faut une invitation",
      why: "Les appareils s’inscrivent par un lien ou un code QR que donne leur organisation.",
      next: "Demandez-en un aux personnes qui gèrent vos appareils.",
    },
    "not-ready": {
      title: "Ce serveur ne peut pas encore inscrire d’appareils",
      why: "Il manque encore quelque chose dans ses réglages. Votre lien reste valable.",
      next: "Prévenez les personnes qui vous ont envoyé le lien, et réessayez plus tard.",
    },
    "too-old": {
      title: "Ce système est trop ancien",
      why: "Votre organisation n’inscrit que des appareils dont le système peut prouver à Apple ce qu’ils sont.",
      next: "Mettez l’appareil à jour dans Réglages, Général, « Mise à jour logicielle », puis ouvrez de nouveau le lien. Il reste valable.",
    },
    fault: {
      title: "Cela n’a pas fonctionné",
      why: "Une erreur s’est produite sur le serveur. Votre lien reste valable.",
      next: "Réessayez dans une minute.",
    },
  },
};
