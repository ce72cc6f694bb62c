import { plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["devices"]> = {
  search: "Nombre, número de serie, modelo o usuario",
  name: "Nombre",
  serial: "Número de serie",
  system: "Sistema",
  owner: "Etiquetas",
  seen: "Visto",
  state: "Estado",
  states: { pending: "En espera", enrolled: "Inscrito", unenrolled: "Se fue", erased: "Borrado" },
  platform: "Tipo",
  encrypted: "Cifrado",
  encryption: { true: "Cifrado", false: "Sin cifrar" },
  lost: "Modo Perdido",
  lostIs: { true: "En modo Perdido" },
  none: "Todavía no hay ningún dispositivo",
  noneHint: "Invite a uno: aparece aquí en cuanto se inscribe.",
  invite: "Invitar a un dispositivo",
  csv: "Descargar como CSV",
  unnamed: "Sin nombre",
  tabs: {
    overview: "Resumen",
    assigned: "Lo que debe tener",
    apps: "Apps",
    commands: "Comandos",
    events: "Lo que pasó",
  },
  back: "Dispositivos",
  facts: {
    model: "Modelo",
    id: "Identificador",
    enrolled: "Inscrito",
    inventory: "Dijo lo que tiene",
    storage: "Espacio libre",
    storageOf: (free, all) => `${free} de ${all}`,
    battery: "Batería",
    supervised: "Supervisado",
    passcode: "Código",
    activationLock: "Bloqueo de activación",
    notes: "Notas",
    tags: "Etiquetas",
  },
  health: {
    encrypted: "Cifrado",
    notEncrypted: "Sin cifrar",
    unknown: "Cifrado desconocido",
    lost: "En modo Perdido",
    setup: "En el asistente de configuración",
    heldBack: "Retenido: confirme que es el mismo dispositivo",
  },
  assigned: {
    profiles: "Perfiles",
    states: {
      pending: "En curso",
      installed: "Instalado",
      failed: "Falló",
      not_applicable: "No es para este dispositivo",
      removing: "Quitándose",
    },
    none: "A este dispositivo no se le ha asignado nada",
    retry: "Nuevo intento",
    attempts: (n) => plural(n, { one: "# intento", other: "# intentos" }),
  },
  apps: {
    none: "El dispositivo no ha comunicado ninguna app",
    version: "Versión",
    managed: "Gestionada",
    managedYes: "Gestionada",
  },
  commands: {
    none: "Todavía no se ha dado ningún comando",
    command: "Comando",
    queued: "Dado",
    finished: "Terminado",
    by: "Por",
    cancel: "Cancelar",
    cancelled: "El comando está cancelado",
    states: {
      queued: "Espera",
      sent: "Enviado",
      not_now: "Aplazado",
      acknowledged: "Hecho",
      error: "Falló",
      format_error: "No entendido",
      cancelled: "Cancelado",
      expired: "Caducado",
    },
  },
  batch: {
    wake: "Despertar",
    held: (n) =>
      plural(n, {
        one: "El borrado de # dispositivo espera el tiempo que indica destructive_hold_minutes; hasta entonces se puede cancelar",
        other:
          "El borrado de # dispositivos espera el tiempo que indica destructive_hold_minutes; hasta entonces se puede cancelar",
      }),
    woken: (n) =>
      plural(n, { one: "Se ha despertado # dispositivo", other: "Se han despertado # dispositivos" }),
    given: (n) =>
      plural(n, {
        one: "El comando se ha dado para # dispositivo",
        other: "El comando se ha dado para # dispositivos",
      }),
    restartText: (n) =>
      plural(n, {
        one: "# dispositivo se reinicia enseguida. Lo que no esté guardado en él se pierde.",
        other: "# dispositivos se reinician enseguida. Lo que no esté guardado en ellos se pierde.",
      }),
    eraseText: (n) =>
      plural(n, {
        one: "Se borra todo en # dispositivo y no se puede recuperar.",
        other: "Se borra todo en # dispositivos y no se puede recuperar.",
      }),
  },
  act: {
    given: "El comando se ha dado",
    refresh: "Preguntar lo que tiene",
    restart: "Reiniciar",
    restartText: "El dispositivo se reinicia enseguida. Lo que no esté guardado en él se pierde.",
    lock: "Bloquear",
    lockText: "La pantalla se bloquea. Un Mac se reinicia y pide el código antes de poder usarse.",
    lockCode: "Código de seis cifras, para un Mac",
    lost: "Activar el modo Perdido",
    lostText: "El dispositivo se bloquea y muestra el mensaje y el número. Se puede preguntar dónde está.",
    lostOff: "Desactivar el modo Perdido",
    lostOffText: "El dispositivo se puede usar como antes.",
    message: "Mensaje en la pantalla",
    phone: "Número de teléfono en la pantalla",
    clear: "Quitar el código",
    clearText: "Quien tenga el dispositivo puede desbloquearlo, hasta que se ponga un código nuevo.",
    erase: "Borrar",
    eraseText:
      "Todo lo que hay en el dispositivo se borra y no se puede recuperar. El dispositivo deja la gestión, salvo que se inscriba otra vez automáticamente.",
  },
};

export default words;
