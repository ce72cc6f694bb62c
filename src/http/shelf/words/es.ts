import type { ShelfWords } from "./shelf-words.ts";

const ask = "pregunte a las personas que cuidan de sus dispositivos.";

export const words: ShelfWords = {
  locale: "es-ES",
  title: (organization) => `Autoservicio de ${organization}`,
  heading: "Elija lo que necesita",
  intro: (organization, device) =>
    `${organization} ofrece esto para ${device}. Lo que instale o quite aquí solo cambia este dispositivo.`,
  thisDevice: "este dispositivo",
  empty: "Por ahora no se ofrece nada para este dispositivo.",
  kinds: { profile: "Ajustes", declaration: "Ajustes", app: "App" },
  states: {
    available: "No instalado",
    installing: (since) => `Instalándose, solicitado ${since}`,
    waiting_for_licence: "Esperando una licencia",
    waiting_for_person: "Esperando su respuesta",
    installed: "Instalado",
    failed: "No instalado: no ha funcionado",
    not_applicable: "No es para este dispositivo",
    removing: (since) => `Quitándose, solicitado ${since}`,
  },
  help: {
    installing: "Mantenga el dispositivo encendido y conectado a internet.",
    waiting_for_licence: "Todas las licencias están ocupadas. Continuará por sí solo en cuanto haya una.",
    waiting_for_person: "Su dispositivo le pregunta algo: busque un mensaje en la pantalla y acéptelo.",
    failed: `El servidor lo intenta de nuevo por sí solo. Si sigue así, ${ask}`,
    not_applicable: "Este tipo de dispositivo, o su sistema, no puede usarlo. Puede anular su elección.",
    removing: "Mantenga el dispositivo encendido y conectado a internet.",
  },
  install: "Instalar",
  remove: "Quitar",
  cancel: "Cancelar",
  of: (button, name) => `${button}: ${name}`,
  again: "Comprobar de nuevo",
  reloads: "Esta página se actualiza sola mientras haya algo en curso.",
  contact: "¿Preguntas?",
  link: {
    title: "Este enlace no funciona",
    why: "Está incompleto, se ha sustituido por uno nuevo o el dispositivo ya no se gestiona.",
    next: `Abra la página con el icono de su dispositivo. Si no hay ninguno, o no ayuda, ${ask}`,
  },
  notOffered: {
    title: "Esto ya no se ofrece",
    why: "Ha cambiado entretanto. No se ha instalado ni quitado nada.",
    next: "Vuelva a la lista para ver lo que se ofrece ahora.",
  },
  elsewhere: {
    title: "Elija de nuevo en la propia página",
    why: "La solicitud venía de otra página, así que no se ha cambiado nada.",
    next: "Vuelva a la lista y elija allí.",
  },
  busy: {
    title: "Demasiadas solicitudes",
    why: "Ha habido demasiadas solicitudes en un minuto. Esta no ha cambiado nada.",
    next: "Espere un minuto y vuelva a intentarlo.",
  },
  fault: {
    title: "Ahora mismo no funciona",
    why: "El servidor tiene un problema. No se ha perdido nada.",
    next: "Inténtelo de nuevo en unos minutos.",
  },
  back: "Volver a la lista",
};
