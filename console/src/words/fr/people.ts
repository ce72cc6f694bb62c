import { plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["people"]> = {
  lead: "À qui sont les appareils ? Noms et services remplissent les profils, et des groupes les suivent.",
  search: "Chercher par nom, adresse ou compte",
  department: "Service",
  name: "Nom",
  email: "E-mail",
  emailHint: "Aucune autre personne ne peut l’avoir.",
  account: "Compte",
  accountHint:
    "Le compte Apple géré, ou le compte chez votre fournisseur. Une connexion trouve la personne par lui.",
  new: "Nouvelle personne",
  needsOne: "Une personne a besoin d’une adresse e-mail ou d’un compte.",
  none: "Il n’y a pas encore de personne",
  noneHint:
    "Les personnes s’ajoutent d’elles-mêmes quand elles se connectent pour inscrire un appareil. Vous pouvez aussi les ajouter ici, ou par un tableau.",
  nobodyFits: "Personne n’a cela dans le nom, l’adresse ou le compte",
  untitled: "Sans nom",
  origin: "Vient de",
  fromSignIn: "Une connexion. Ce que dit le fournisseur à la prochaine remplace ce qui est saisi ici.",
  fromHand: "Saisi ici, ou d’un tableau ou de l’API",
  signedIn: "Dernière connexion",
  added: "Ajoutée",
  changed: "Modifiée",
  devices: "Appareils",
  noDevices: "Aucun appareil n’est à cette personne",
  noDevicesHint: "Cherchez-en un ci-dessous pour le donner à la personne.",
  device: "Appareil",
  serial: "Numéro de série",
  attributes: "Étiquettes et attributs",
  seen: "Vu",
  sets: "Groupes qui suivent cette personne",
  setsHint: "Leurs filtres nomment la personne ou le service. Les autres groupes viennent par les appareils.",
  noSets: "Aucun groupe ne suit cette personne ni le service",
  give: "Donner un appareil",
  giveSearch: "Nom ou numéro de série",
  foundNone: "Aucun appareil ne commence ainsi",
  taken: "est à quelqu’un d’autre",
  giveText:
    "Il est maintenant à quelqu’un d’autre, qui le perd. Les profils avec le nom de la personne sont remplis de nouveau.",
  given: "L’appareil est à la personne",
  take: "Retirer",
  takeText:
    "Il n’est alors à personne. Il perd les groupes qui suivent la personne, et les profils avec son nom sont remplis de nouveau.",
  takenAway: "L’appareil n’est à personne",
  edit: "Modifier",
  save: "Enregistrer",
  add: "Ajouter la personne",
  saved: "La personne est enregistrée",
  erase: "Effacer",
  erased: "La personne est effacée",
  found: (n) => plural(n, { one: "# appareil trouvé", other: "# appareils trouvés" }),
  giveIt: (name) => `Donner ${name}`,
  giveTitle: (device) => `Donner ${device} à cette personne ?`,
  takeTitle: (device) => `Retirer ${device} ?`,
  eraseTitle: (name) => `Effacer ${name} ?`,
  eraseText: (devices) =>
    plural(devices, {
      one: "Ce qu’on sait de la personne est supprimé, et ses sessions se terminent. # appareil n’est alors à personne et perd les groupes qui suivent la personne. Les sauvegardes d’avant l’ont encore.",
      other:
        "Ce qu’on sait de la personne est supprimé, et ses sessions se terminent. # appareils ne sont alors à personne et perdent les groupes qui suivent la personne. Les sauvegardes d’avant l’ont encore.",
    }),
};
export default words;
