import { plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["device"]> = {
  tabs: { certificates: "Certificats", setup: "Configuration" },
  again: {
    one: "Réessayer",
    all: "Tout réessayer",
    asked: (n) => plural(n, { one: "# élément est réessayé", other: "# éléments sont réessayés" }),
    nothing: "Il n’y a plus rien à réessayer : c’est peut-être déjà en cours",
    command: "La commande a été donnée de nouveau",
    failed: (n) => plural(n, { one: "# élément a échoué", other: "# éléments ont échoué" }),
    hints: {
      profile: "Corrigez le profil dans la bibliothèque, ou réessayez dès que l’appareil peut l’accepter.",
      value:
        "Donnez cette valeur à l’appareil, par un attribut ou par sa personne. La suite se fait d’elle-même.",
      invalid: "L’appareil refuse le contenu. Corrigez la déclaration dans la bibliothèque, ou réessayez.",
      unknown_to_device: "L’appareil l’a prise et ne la signale pas. Son système est peut-être trop ancien.",
      stale: "L’appareil signale une version plus ancienne. Il prend la nouvelle quand vous réessayez.",
      app: "Ce qui peut passer est réessayé automatiquement. Réessayez une fois la cause corrigée.",
      command: "L’appareil a dit pourquoi. Corrigez cela, puis donnez la commande de nouveau.",
    },
  },
  assigned: {
    profiles: "Profils",
    declarations: "Déclarations",
    apps: "Apps",
    declarationsOf: (user: string) => `Déclarations de ${user}`,
    noneOfTheirOwn: (users: string) => `Sans déclarations propres : ${users}`,
    noProfiles: "Aucun groupe ne donne de profil à cet appareil",
    noDeclarations: "Aucun groupe ne donne de déclaration à cet appareil",
    noApps: "Aucun groupe ne donne d’app à cet appareil",
    declarationStates: {
      pending: "Pas encore signalée",
      active: "Active",
      inactive: "Inactive",
      invalid: "Refusée",
      unknown_to_device: "Non signalée",
      stale: "Version plus ancienne",
    },
    appStates: {
      waiting_for_licence: "Attend une licence",
      pending: "En cours",
      installing: "En cours d’installation",
      waiting_for_person: "Attend la personne",
      installed: "Installée",
      failed: "Échec",
      not_applicable: "Pas pour cet appareil",
      removing: "En cours de suppression",
    },
  },
  certificates: {
    identity: "Identité de l’appareil",
    identityHint: "Avec ce certificat, l’appareil prouve à ce serveur qui il est.",
    fingerprint: "Empreinte",
    expires: "Expire",
    firstUsed: "Première utilisation",
    inUse: "En usage",
    accepted: (when) => `Remplacé, accepté jusqu’au ${when}`,
    revoked: "Révoqué",
    ended: "Expiré",
    endsSoon: "Expire bientôt",
    noIdentity: "Aucune identité n’est liée à cet appareil",
    renewal: {
      not_possible:
        "Elle ne peut pas être renouvelée d’ici : l’appareil s’est inscrit avec le profil d’un autre serveur.",
      not_due: "Elle est renouvelée automatiquement avant son expiration.",
      under_way: "Elle est en cours de renouvellement : une commande attend l’appareil.",
      failed: "Le dernier renouvellement a échoué.",
    },
    due: "Renouvelée à partir du",
    renew: "Renouveler maintenant",
    renewText:
      "L’appareil reçoit de nouveau son profil d’inscription et demande un nouveau certificat. La personne ne remarque rien. L’actuel reste valable jusqu’à l’usage du nouveau.",
    renewed: "Le renouvellement a commencé",
    endOverlap: "Ne plus accepter celui qui est remplacé",
    endOverlapText:
      "Seul le certificat le plus récent est accepté désormais. Un appareil qui ne l’a pas encore utilisé serait refusé.",
    endedOnes: (n) =>
      plural(n, {
        one: "# certificat remplacé n’est plus accepté",
        other: "# certificats remplacés ne sont plus acceptés",
      }),
    unbind: "Délier",
    unbindText:
      "Les requêtes avec ce certificat sont refusées désormais, pour toujours. Si l’appareil n’en a pas d’autre, il doit s’inscrire de nouveau.",
    unbound: "Le certificat est délié",
    installed: "Certificats sur l’appareil",
    installedHint: "Ce que l’appareil a dit quand il a été interrogé pour la dernière fois.",
    none: "L’appareil n’a signalé aucun certificat",
    name: "Nom",
    issuer: "Émetteur",
    own: "Identité",
    authority: "Autorité",
  },
  setup: {
    none: "Cet appareil n’a pas attendu dans l’Assistant réglages",
    noneHint:
      "Seuls les appareils inscrits automatiquement y sont retenus, jusqu’à ce qu’ils aient ce qu’il leur faut.",
    states: {
      running: "Retenu dans l’Assistant réglages",
      releasing: "En cours de libération",
      released: "Libéré",
      stuck: "Bloqué : il a refusé de quitter l’Assistant réglages",
    },
    began: "Début",
    ends: "Libéré au plus tard",
    releasedAt: "Libéré",
    releasedBy: "Libéré parce que",
    by: {
      complete: "toutes les étapes étaient faites",
      "time-limit": "son temps était écoulé",
      device: "l’appareil est parti de lui-même",
    },
    release: "Libérer maintenant",
    releaseText:
      "La personne peut continuer aussitôt dans l’Assistant réglages. Ce qui reste à faire est fait après.",
    releasedNow: "L’appareil est libéré",
    steps: "Étapes",
    step: "Étape",
    took: "Durée",
    names: {
      "file-vault-escrow": "La clé FileVault est gardée ici",
      profiles: "Profils",
      declarations: "Déclarations",
      apps: "Apps",
      accounts: "Comptes",
      "recovery-lock": "Verrou de récupération",
    },
    stepStates: { running: "En cours", done: "Fait", failed: "Échec", late: "Trop long" },
    holds: "L’appareil l’attend",
  },
  happened: { news: "Voir les nouveautés" },
  kept: {
    lead: "Ce qui ouvre un appareil est conservé après sa suppression ici : clés de secours, mots de passe, codes de contournement. Qui en lit un dit pourquoi, et le journal garde les deux.",
    onlyNames:
      "Vous voyez ce qui est conservé ; le lire demande le rôle Administrateur ou le droit de lire les valeurs mises sous séquestre.",
    which: "Numéro de série ou identifiant",
    whichHint: "Comme il était sur la page de l’appareil.",
  },
  recovery: {
    lead: "Chaque lecture est dans le journal, avec sa raison.",
    reason: "Raison",
    reasonHint: "Pour le journal : qui a besoin de la valeur, et pourquoi.",
    showText: "La valeur est montrée à l’écran. Le journal retient que vous l’avez lue, et pourquoi.",
    deleted: "appareil supprimé",
    stored: "Gardée depuis",
    earlier: (n) => plural(n, { one: "# valeur antérieure", other: "# valeurs antérieures" }),
    unconfirmed: "non confirmée par l’appareil",
    former: "d’une inscription antérieure",
    older: "une valeur antérieure",
    what: {
      "bootstrap-token": "Permet de mettre à jour et d’effacer un Mac avec puce Apple sans personne.",
      "unlock-token": "Efface le code d’un iPhone ou d’un iPad. La commande s’en sert elle-même.",
      "filevault-key": "Ouvre le disque du Mac quand le mot de passe est oublié.",
      "recovery-lock": "Permet de démarrer le Mac en mode de récupération.",
      "managed-admin": "Ouvre la session de l’administrateur que ce serveur a créé sur le Mac.",
      "lock-pin": "Déverrouille le Mac qui a été verrouillé d’ici.",
      "erase-pin": "Est demandé après que le Mac a été effacé d’ici.",
      "activation-lock-bypass":
        "Met fin au verrouillage d’activation : saisissez-le comme mot de passe dans l’Assistant réglages.",
      "activation-lock-server": "Met fin au verrouillage d’activation posé par le portail d’Apple.",
    },
    rotate: {
      "filevault-key": "Créer une nouvelle clé",
      "recovery-lock": "Mettre un nouveau mot de passe",
      "managed-admin": "Mettre un nouveau mot de passe",
    },
    rotateText: {
      "filevault-key":
        "Le Mac crée une autre clé de récupération et l’envoie ici. L’actuelle reste valable jusque-là. Les clés sur papier ne valent plus rien ensuite.",
      "recovery-lock":
        "Le Mac reçoit un autre mot de passe de récupération. L’actuel reste valable jusqu’à ce que le Mac l’ait pris.",
      "managed-admin":
        "Le compte de l’administrateur reçoit un autre mot de passe. L’actuel reste valable jusqu’à ce que le Mac l’ait pris.",
    },
    rotations: {
      due: "Une autre valeur va être mise",
      under_way: "Une autre valeur est en train d’être mise",
      failed: "Une autre valeur n’a pas pu être mise",
    },
    hide: "Masquer",
  },
  command: {
    origins: {
      server: "Ce serveur",
      inventory: "Questions de ce serveur",
      declarations: "Déclarations",
      assignment: "Ses ensembles",
      setup: "Configuration",
      rotation: "Changement d’un secret",
    },
    open: "Ouvrir",
    payload: "Ce que l’appareil a reçu",
    answer: "Ce qu’il a répondu",
    noAnswer: "Il n’a pas encore répondu",
    tooLong: "La réponse était trop longue pour être gardée",
    notKept: "La commande n’est plus gardée",
    uuid: "Identifiant",
    sent: "Prise",
  },
  act: {
    wake: "Réveiller",
    woken: "L’appareil a été réveillé",
    shutDown: "Éteindre",
    shutDownText:
      "L’appareil s’éteint aussitôt. Personne ne peut l’atteindre d’ici tant que quelqu’un ne l’a pas rallumé à la main.",
    sound: "L’appareil joue un son pendant quelques minutes, même en mode silencieux.",
    locate: "L’appareil dit où il est. Son écran indique que sa position a été lue.",
    clearRestrictions: "Effacer le code de Temps d’écran",
    clearRestrictionsText:
      "Le code des restrictions et toutes les restrictions réglées sur l’appareil lui-même sont supprimés.",
    unlockAccount: "Débloquer un compte",
    unlockAccountText: "Un compte local bloqué après trop de mots de passe faux peut servir de nouveau.",
    shortName: "Nom abrégé du compte",
    signIn: "Demander une nouvelle connexion",
    signInText:
      "Tout ce que l’appareil a reçu est repris, et il n’est plus servi tant que la personne ne s’est pas reconnectée sur l’appareil.",
    signInDone: "La personne doit se reconnecter",
    leave: "Mettre fin à la gestion",
    leaveText:
      "L’appareil supprime son profil de gestion et tout ce qui est venu avec : profils, apps gérées et leurs données, comptes de courrier. Personne ne peut le gérer d’ici avant une nouvelle inscription. Ce qui est gardé pour la récupération reste.",
    leaveDone: "L’appareil doit partir à sa prochaine connexion",
    forget: "Supprimer la fiche",
    forgetText:
      "L’appareil n’est plus dans la liste. Ses commandes, étiquettes et notes sont supprimées. Ce qui est gardé pour la récupération reste, et se trouve par le numéro de série.",
    forgotten: "La fiche est supprimée",
    confirmSame: "C’est le même appareil",
    confirmSameText:
      "Les ensembles, étiquettes et attributs de l’inscription antérieure valent aussi pour celle-ci. Confirmez-le seulement si vous savez que personne n’a inscrit un autre appareil sous cet identifiant.",
    confirmed: "L’appareil a ce qui lui avait été donné",
    lockMac:
      "Le Mac redémarre aussitôt et demande un code à six chiffres avant tout usage. Ce qui n’est pas enregistré est perdu. Le code est gardé sous Récupération ; si vous l’omettez, il en est fait un.",
    lockPhone: "L’écran est verrouillé. Qui connaît le code peut le déverrouiller.",
    eraseMac: "Ensuite, un Mac plus ancien demande un code à six chiffres, gardé sous Récupération.",
    eraseAgain:
      "Il s’inscrit de nouveau automatiquement, si le portail d’Apple le donne encore à ce serveur.",
    eraseGone: "Il quitte la gestion.",
    eraseLocked:
      "Son verrouillage d’activation reste en place. Ayez le code de contournement sous Récupération, ou désactivez d’abord Localiser.",
    offline: "Cela peut prendre un moment : l’appareil le fait à sa prochaine connexion.",
  },
};

export default words;
