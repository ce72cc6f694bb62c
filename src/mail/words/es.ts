import type { MailWords } from "./mail-words.ts";

export const es: MailWords = {
  locale: "es-ES",
  problems: {
    urgentSubject: (organization, count) =>
      `${organization}: ${count === 1 ? "un problema urgente" : `${count} problemas urgentes`} de la gestión de dispositivos`,
    digestSubject: (organization, count) =>
      `${organization}: ${count === 1 ? "un problema" : `${count} problemas`} de la gestión de dispositivos`,
    urgentIntro: "Esto no funciona, o dejará de funcionar en menos de una semana:",
    digestIntro: "Estos son los problemas abiertos, primero los más urgentes:",
    urgency: { urgent: "Urgente", soon: "Pronto", notice: "Aviso" },
    todo: "Qué hacer",
    since: (date) => `desde el ${date}`,
    devices: (count, written) => (count === 1 ? "1 dispositivo" : `${written} dispositivos`),
    more: (count) => `y ${count} más`,
    footer: (host) =>
      `Enviado por la gestión de dispositivos de ${host} a las direcciones del ajuste mail_to.`,
  },
  invitation: {
    subject: (organization) => `${organization}: inscriba su dispositivo`,
    intro: (organization) =>
      `${organization} le invita a que se gestione su iPhone, iPad o Mac. Abra este enlace en el dispositivo, en Safari:`,
    button: "Inscribir el dispositivo",
    where: "La página explica qué puede ver y cambiar la gestión antes de que se instale nada.",
    until: (date) => `El enlace es válido hasta el ${date}.`,
    footer: (organization) =>
      `El enlace es para usted: no lo comparta. Si no esperaba este mensaje, pregunte a ${organization} antes de abrirlo.`,
  },
  colleague: {
    subject: (organization) => `${organization}: ayude a gestionar los dispositivos`,
    intro: (organization, inviter) =>
      `${inviter} le invita a la gestión de dispositivos de ${organization}. Abra este enlace para aceptar:`,
    role: {
      viewer: "Podrá ver los dispositivos, los perfiles y los ajustes.",
      helpdesk:
        "Podrá ver los dispositivos, los perfiles y los ajustes, y ayudar con un dispositivo cada vez.",
      operator: "Podrá gestionar dispositivos, perfiles y comandos.",
      admin: "Podrá hacerlo todo, incluso dar acceso a otras personas.",
    },
    button: "Ver la invitación",
    until: (moment) => `El enlace sirve una sola vez, hasta el ${moment}.`,
    footer: (inviter) =>
      `El enlace es para usted: no lo comparta. Si no esperaba este mensaje, pregunte a ${inviter} antes de abrirlo.`,
  },
  test: {
    subject: (organization) => `${organization}: una prueba de la gestión de dispositivos`,
    body: (host) => `Los mensajes de la gestión de dispositivos de ${host} llegan a esta dirección.`,
  },
};
