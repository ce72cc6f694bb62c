import { plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["people"]> = {
  lead: "Wem gehören die Geräte? Namen und Abteilungen füllen Profile aus, und Gruppen folgen ihnen.",
  search: "Nach Name, Adresse oder Account suchen",
  department: "Abteilung",
  name: "Name",
  email: "E-Mail",
  emailHint: "Keine andere Person darf sie haben.",
  account: "Account",
  accountHint:
    "Der verwaltete Apple Account, oder der Account bei Ihrem Anbieter. Eine Anmeldung findet die Person darüber.",
  new: "Neue Person",
  needsOne: "Eine Person braucht eine E-Mail-Adresse oder einen Account.",
  none: "Es gibt noch keine Person",
  noneHint:
    "Personen kommen von selbst dazu, wenn sie sich zur Registrierung eines Geräts anmelden. Sie können sie auch hier oder durch eine Tabelle hinzufügen.",
  nobodyFits: "Niemand hat das im Namen, in der Adresse oder im Account",
  untitled: "Ohne Namen",
  origin: "Kommt von",
  fromSignIn: "Einer Anmeldung. Was der Anbieter bei der nächsten sagt, ersetzt, was hier steht.",
  fromHand: "Hier eingegeben, oder aus einer Tabelle oder dem API",
  signedIn: "Letzte Anmeldung",
  added: "Hinzugefügt",
  changed: "Geändert",
  devices: "Geräte",
  noDevices: "Dieser Person gehört kein Gerät",
  noDevicesHint: "Suchen Sie unten eines, um es der Person zu geben.",
  device: "Gerät",
  serial: "Seriennummer",
  attributes: "Etiketten und Attribute",
  seen: "Zuletzt gesehen",
  sets: "Gruppen, die dieser Person folgen",
  setsHint: "Ihre Filter nennen die Person oder die Abteilung. Andere Gruppen kommen durch die Geräte.",
  noSets: "Keine Gruppe folgt dieser Person oder der Abteilung",
  give: "Ein Gerät geben",
  giveSearch: "Name oder Seriennummer",
  foundNone: "Kein Gerät beginnt so",
  taken: "gehört jemand anderem",
  giveText:
    "Es gehört jetzt jemand anderem; diese Person verliert es. Profile mit dem Namen der Person werden neu ausgefüllt.",
  given: "Das Gerät gehört der Person",
  take: "Wegnehmen",
  takeText:
    "Es gehört dann niemandem. Es verliert die Gruppen, die der Person folgen, und Profile mit ihrem Namen werden neu ausgefüllt.",
  takenAway: "Das Gerät gehört niemandem",
  edit: "Ändern",
  save: "Sichern",
  add: "Die Person hinzufügen",
  saved: "Die Person ist gesichert",
  erase: "Löschen",
  erased: "Die Person ist gelöscht",
  found: (n) => plural(n, { one: "# Gerät gefunden", other: "# Geräte gefunden" }),
  giveIt: (name) => `${name} geben`,
  giveTitle: (device) => `${device} dieser Person geben?`,
  takeTitle: (device) => `${device} wegnehmen?`,
  eraseTitle: (name) => `${name} löschen?`,
  eraseText: (devices) =>
    plural(devices, {
      one: "Was über die Person bekannt ist, wird gelöscht, und Sitzungen enden. # Gerät gehört dann niemandem und verliert die Gruppen, die der Person folgen. Frühere Sicherungen haben es noch.",
      other:
        "Was über die Person bekannt ist, wird gelöscht, und Sitzungen enden. # Geräte gehören dann niemandem und verlieren die Gruppen, die der Person folgen. Frühere Sicherungen haben es noch.",
    }),
};
export default words;
