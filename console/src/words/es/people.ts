import { plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["people"]> = {
  lead: "¿De quién son los dispositivos? Nombres y departamentos rellenan perfiles, y los grupos los siguen.",
  search: "Buscar por nombre, dirección o cuenta",
  department: "Departamento",
  name: "Nombre",
  email: "Correo",
  emailHint: "Ninguna otra persona puede tenerlo.",
  account: "Cuenta",
  accountHint:
    "La cuenta de Apple gestionada, o la cuenta en su proveedor. Un inicio de sesión encuentra a la persona por ella.",
  new: "Nueva persona",
  needsOne: "Una persona necesita una dirección de correo o una cuenta.",
  none: "Todavía no hay ninguna persona",
  noneHint:
    "Las personas se añaden solas cuando inician sesión para inscribir un dispositivo. También puede añadirlas aquí, o con una tabla.",
  nobodyFits: "Nadie tiene esto en el nombre, la dirección o la cuenta",
  untitled: "Sin nombre",
  origin: "Viene de",
  fromSignIn: "Un inicio de sesión. Lo que el proveedor diga en el próximo sustituye lo escrito aquí.",
  fromHand: "Escrito aquí, o de una tabla o de la API",
  signedIn: "Último inicio de sesión",
  added: "Añadida",
  changed: "Cambiada",
  devices: "Dispositivos",
  noDevices: "Ningún dispositivo es de esta persona",
  noDevicesHint: "Busque uno abajo para dárselo a la persona.",
  device: "Dispositivo",
  serial: "Número de serie",
  attributes: "Etiquetas y atributos",
  seen: "Visto",
  sets: "Grupos que siguen a esta persona",
  setsHint: "Sus filtros nombran a la persona o el departamento. Otros grupos llegan por los dispositivos.",
  noSets: "Ningún grupo sigue a esta persona ni al departamento",
  give: "Dar un dispositivo",
  giveSearch: "Nombre o número de serie",
  foundNone: "Ningún dispositivo empieza así",
  taken: "es de otra persona",
  giveText:
    "Ahora es de otra persona, que lo pierde. Los perfiles con el nombre de la persona se rellenan de nuevo.",
  given: "El dispositivo es de la persona",
  take: "Quitar",
  takeText:
    "Entonces no es de nadie. Pierde los grupos que siguen a la persona, y los perfiles con su nombre se rellenan de nuevo.",
  takenAway: "El dispositivo no es de nadie",
  edit: "Cambiar",
  save: "Guardar",
  add: "Añadir la persona",
  saved: "La persona está guardada",
  erase: "Borrar",
  erased: "La persona está borrada",
  found: (n) => plural(n, { one: "# dispositivo encontrado", other: "# dispositivos encontrados" }),
  giveIt: (name) => `Dar ${name}`,
  giveTitle: (device) => `¿Dar ${device} a esta persona?`,
  takeTitle: (device) => `¿Quitar ${device}?`,
  eraseTitle: (name) => `¿Borrar a ${name}?`,
  eraseText: (devices) =>
    plural(devices, {
      one: "Lo que se sabe de la persona se borra, y sus sesiones terminan. # dispositivo no es entonces de nadie y pierde los grupos que siguen a la persona. Las copias anteriores aún lo tienen.",
      other:
        "Lo que se sabe de la persona se borra, y sus sesiones terminan. # dispositivos no son entonces de nadie y pierden los grupos que siguen a la persona. Las copias anteriores aún lo tienen.",
    }),
};
export default words;
