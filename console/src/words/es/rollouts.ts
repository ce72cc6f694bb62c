import { number, plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["rollouts"]> = {
  lead: "Un cambio llega primero a algunos dispositivos, y a los demás solo si allí funciona.",
  tabs: { all: "Despliegues", plans: "Planes" },
  what: "Qué cambia",
  kinds: {
    profile: "Perfil",
    declaration: "Declaración",
    set: "Grupo",
    policy: "Política de actualización",
  },
  state: "Estado",
  states: {
    running: "En curso",
    halted: "Detenido",
    finished: "Terminado",
    cancelled: "Retirado",
    replaced: "Sustituido por uno más nuevo",
  },
  progress: "Progreso",
  haveIt: (have, of) => `${number(have)} de ${number(of)} lo tienen`,
  started: "Comenzado",
  ended: "Terminado",
  endedByItself: "por sí mismo",
  nextRing: "Anillo siguiente",
  atTheEarliest: "como pronto",
  none: "Todavía no hay ningún despliegue",
  noneHint:
    "El cambio de un grupo, un perfil o una política de actualización va por anillos si elige un plan para ello.",
  changed: "Contado",
  counting: "Se están contando sus dispositivos. Las cifras estarán aquí en unos minutos.",
  halted: "Se ha detenido",
  haltedText:
    "Los dispositivos de los anillos abiertos conservan el cambio. Los demás conservan lo que tenían. Averigüe qué falló y después decida.",
  failedIn: (failed, of) =>
    `falló en ${number(failed)} de ${plural(of, { one: "# dispositivo", other: "# dispositivos" })}.`,
  silentIn: (silent, of) =>
    `${number(silent)} de ${plural(of, { one: "# dispositivo", other: "# dispositivos" })} sin respuesta.`,
  whichFailed: "Qué dispositivos fallaron, y por qué",
  rings: "Anillos",
  ring: (at) => `Anillo ${at}`,
  ringOf: {
    percent: (share) => `${share} de todos los dispositivos`,
    sets: (names) => `Dispositivos con ${names}`,
    rest: "Todos los demás dispositivos",
  },
  open: "Abierto",
  notOpen: "Todavía no abierto",
  noDevices: "No hay ningún dispositivo en él",
  counts: {
    succeeded: "Lo tienen",
    failed: "Fallaron",
    silent: "Sin respuesta",
    waiting: "Respuesta pendiente",
    not_applicable: "No les afecta",
    devices: "Dispositivos",
  },
  contains: "Qué cambia",
  change: "Cambio",
  changes: { version: "Versión nueva", added: "Añadido", removed: "Quitado" },
  versions: (former, now) => `Versión ${former} → ${now}`,
  plan: "Plan",
  planSays: (hours) =>
    `El anillo siguiente se abre después de ${plural(hours, { one: "# hora", other: "# horas" })}.`,
  halts: (failed, silent) =>
    `Se detiene si falla más del ${failed} % de los dispositivos de un anillo, o si más del ${silent} % no responde.`,
  resume: "Continuar",
  resumeTitle: "¿Dejar que continúe?",
  resumeText: (failed, silent) =>
    `Lo que ha fallado hasta ahora se acepta (${plural(failed, { one: "# fallo", other: "# fallos" })}, ${number(silent)} sin respuesta). Solo se detiene otra vez si hay más. El anillo abierto tiene de nuevo sus horas; después se abre el siguiente.`,
  resumeDone: "El despliegue continúa",
  finish: "Dar a todos ahora",
  finishTitle: "¿Darlo ahora a todos los dispositivos?",
  finishText: (rest) =>
    plural(rest, {
      one: "# dispositivo más recibe el cambio ahora. El despliegue ya no se detiene.",
      other: "# dispositivos más reciben el cambio ahora. El despliegue ya no se detiene.",
    }),
  finishDone: "Todos los dispositivos lo reciben",
  cancel: "Retirar",
  cancelTitle: "¿Retirar el cambio?",
  cancelText: (have) =>
    plural(have, {
      one: "# dispositivo alcanzado recibe de nuevo el contenido anterior, que vuelve a ser la versión más nueva. Los demás no notan nada.",
      other:
        "# dispositivos alcanzados reciben de nuevo el contenido anterior, que vuelve a ser la versión más nueva. Los demás no notan nada.",
    }),
  cancelNobody:
    "Todavía no se alcanzó ningún dispositivo, y ninguno nota nada. El contenido anterior vuelve a ser la versión más nueva.",
  cancelDone: "El cambio está retirado",
  begin: {
    title: "Nuevo despliegue",
    hint: "Un despliegue comienza con un cambio. Elija qué cambia y según qué plan.",
    what: "Qué debe cambiar",
    whats: {
      set: "Lo que da un grupo",
      profile: "Una versión nueva de un perfil",
      policy: "El sistema de los dispositivos",
    },
    set: "Grupo",
    how: "Cómo",
    hows: { add: "Añadir a él", remove: "Quitar de él" },
    kind: "Tipo",
    name: "Nombre",
    choose: "Elegir …",
    profile: "Perfil",
    file: "La versión nueva",
    fileHint: "Un archivo .mobileconfig. Se comprueba antes de guardarlo.",
    plan: "Plan",
    noSets: "Todavía no hay ningún grupo. Cree primero uno en la biblioteca.",
    policyHint: "Una política de actualización con un plan lo hace con cada sistema nuevo.",
    toPolicy: "A las políticas de actualización",
    go: "Comenzar",
    begun: "El despliegue ha comenzado",
    allAtOnce: "El cambio está guardado. No afecta a ningún dispositivo, por eso no hay despliegue.",
  },
  plans: {
    hint: "Un plan dice en qué pasos va un cambio. Un cambio nombra su plan; sin plan va a todos los dispositivos a la vez.",
    critical: "Para la Wi-Fi, la VPN y lo demás que un dispositivo necesita para llegar a este servidor",
    criticalHint:
      "Un error ahí deja dispositivos sin conexión, y ninguna orden los recupera. Por eso tales cambios siguen este plan, aunque no nombren ninguno.",
    noCritical: "Todos a la vez",
    name: "Nombre",
    nameHint: "Letras minúsculas, cifras y guiones.",
    rings: "Primeros anillos",
    ringsHint:
      "Uno por línea: una parte como 10 %, que incluye los anillos anteriores, o nombres de grupos como it-staff. Todos los demás dispositivos son el último anillo.",
    hours: "Horas de anillo a anillo",
    silent: "Sin respuesta después de (horas)",
    silentHint: "Vacío: lo que dura un anillo.",
    maxFailed: "Se detiene por encima de % fallidos",
    maxSilent: "Se detiene por encima de % sin respuesta",
    add: "Nuevo plan",
    edit: "Cambiar",
    save: "Guardar el plan",
    saved: "El plan está guardado",
    deleteTitle: (name) => `¿Eliminar el plan ${name}?`,
    deleteText:
      "Los despliegues en curso conservan sus anillos. Las políticas de actualización que lo nombran deben nombrar otro.",
    deleted: "El plan está eliminado",
    none: "No hay ningún plan",
    last: "todos los demás",
  },
};
export default words;
