import { plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["devices"]> = {
  search: "Nom, numéro de série, modèle ou utilisateur",
  name: "Nom",
  serial: "Numéro de série",
  system: "Système",
  owner: "Étiquettes",
  seen: "Vu",
  state: "État",
  states: { pending: "En attente", enrolled: "Inscrit", unenrolled: "Parti", erased: "Effacé" },
  platform: "Type",
  encrypted: "Chiffré",
  encryption: { true: "Chiffré", false: "Non chiffré" },
  lost: "Mode Perdu",
  lostIs: { true: "En mode Perdu" },
  none: "Il n’y a pas encore d’appareil",
  noneHint: "Invitez-en un : il apparaît ici dès qu’il s’inscrit.",
  invite: "Inviter un appareil",
  csv: "Télécharger en CSV",
  unnamed: "Sans nom",
  tabs: {
    overview: "Aperçu",
    assigned: "Ce qu’il doit avoir",
    apps: "Apps",
    commands: "Commandes",
    events: "Ce qui s’est passé",
  },
  back: "Appareils",
  facts: {
    model: "Modèle",
    id: "Identifiant",
    enrolled: "Inscrit",
    inventory: "A dit ce qu’il a",
    storage: "Stockage libre",
    storageOf: (free, all) => `${free} sur ${all}`,
    battery: "Batterie",
    supervised: "Supervisé",
    passcode: "Code",
    activationLock: "Verrouillage d’activation",
    notes: "Notes",
    tags: "Étiquettes",
  },
  health: {
    encrypted: "Chiffré",
    notEncrypted: "Non chiffré",
    unknown: "Chiffrement inconnu",
    lost: "En mode Perdu",
    setup: "Dans l’assistant de réglage",
    heldBack: "Retenu : confirmez que c’est le même appareil",
  },
  assigned: {
    profiles: "Profils",
    states: {
      pending: "En cours",
      installed: "Installé",
      failed: "Échec",
      not_applicable: "Pas pour cet appareil",
      removing: "En cours de retrait",
    },
    none: "Rien n’est attribué à cet appareil",
    retry: "Nouvel essai",
    attempts: (n) => plural(n, { one: "# essai", other: "# essais" }),
  },
  apps: {
    none: "L’appareil n’a signalé aucune app",
    version: "Version",
    managed: "Gérée",
    managedYes: "Gérée",
  },
  commands: {
    none: "Aucune commande n’a encore été donnée",
    command: "Commande",
    queued: "Donnée",
    finished: "Terminée",
    by: "Par",
    cancel: "Annuler",
    cancelled: "La commande est annulée",
    states: {
      queued: "Attend",
      sent: "Envoyée",
      not_now: "Remise",
      acknowledged: "Faite",
      error: "Échec",
      format_error: "Non comprise",
      cancelled: "Annulée",
      expired: "Expirée",
    },
  },
  batch: {
    wake: "Réveiller",
    held: (n) =>
      plural(n, {
        one: "L’effacement de # appareil attend le temps indiqué par destructive_hold_minutes ; d’ici là, il peut être annulé",
        other:
          "L’effacement de # appareils attend le temps indiqué par destructive_hold_minutes ; d’ici là, il peut être annulé",
      }),
    woken: (n) => plural(n, { one: "# appareil a été réveillé", other: "# appareils ont été réveillés" }),
    given: (n) =>
      plural(n, {
        one: "La commande a été donnée pour # appareil",
        other: "La commande a été donnée pour # appareils",
      }),
    restartText: (n) =>
      plural(n, {
        one: "# appareil redémarre aussitôt. Ce qui n’y est pas enregistré est perdu.",
        other: "# appareils redémarrent aussitôt. Ce qui n’y est pas enregistré est perdu.",
      }),
    eraseText: (n) =>
      plural(n, {
        one: "Tout le contenu de # appareil est effacé et ne peut pas être récupéré.",
        other: "Tout le contenu de # appareils est effacé et ne peut pas être récupéré.",
      }),
  },
  act: {
    given: "La commande a été donnée",
    refresh: "Demander ce qu’il a",
    restart: "Redémarrer",
    restartText: "L’appareil redémarre aussitôt. Ce qui n’y est pas enregistré est perdu.",
    lock: "Verrouiller",
    lockText: "L’écran est verrouillé. Un Mac redémarre et demande le code avant de pouvoir être utilisé.",
    lockCode: "Code à six chiffres, pour un Mac",
    lost: "Activer le mode Perdu",
    lostText: "L’appareil est verrouillé et montre le message et le numéro. Sa position peut être demandée.",
    lostOff: "Désactiver le mode Perdu",
    lostOffText: "L’appareil peut être utilisé comme avant.",
    message: "Message sur l’écran",
    phone: "Numéro de téléphone sur l’écran",
    clear: "Retirer le code",
    clearText:
      "Toute personne qui tient l’appareil peut le déverrouiller, jusqu’à ce qu’un nouveau code soit défini.",
    erase: "Effacer",
    eraseText:
      "Tout ce qui est sur l’appareil est effacé et ne peut pas être récupéré. L’appareil quitte la gestion, sauf s’il s’inscrit de nouveau automatiquement.",
  },
};

export default words;
