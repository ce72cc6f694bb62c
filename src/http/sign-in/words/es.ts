import type { SignInWords } from "./sign-in-words.ts";

export const words: SignInWords = {
  locale: "es-ES",
  invitation: {
    title: "Le invitan a administrar",
    intro: (organization, inviter) =>
      inviter === undefined
        ? `Le invitan a la gestión de dispositivos de ${organization}.`
        : `${inviter} le invita a la gestión de dispositivos de ${organization}.`,
    address: "Para",
    role: "Podrá",
    roles: {
      viewer: "ver los dispositivos, los perfiles y los ajustes",
      helpdesk: "ver los dispositivos, los perfiles y los ajustes, y ayudar con un dispositivo cada vez",
      operator: "gestionar dispositivos, perfiles y comandos",
      admin: "hacerlo todo, incluso dar acceso a otras personas",
    },
    until: "La invitación vale hasta el",
    signIn: "Iniciar sesión y aceptar",
    signInHow: "Inicie sesión con la cuenta de esta dirección. Al iniciar sesión, la invitación queda usada.",
    accept: "Aceptar y mostrar el token",
    acceptHow: (days) =>
      `Recibirá un token de API que vale ${days === 1 ? "un día" : `${days} días`}. Se muestra una sola vez: tenga preparado un lugar seguro para guardarlo.`,
    notYou: "Si no es su dirección, cierre esta página y avise a la persona que le invitó.",
  },
  token: {
    title: "Su token",
    actsFor: (name, until) => `Actúa en su nombre (${name}) hasta el ${until}.`,
    label: "Token de API",
    once: "Esta página lo muestra una sola vez.",
    use: "Envíelo como",
    end: "Cuando termine, ciérrelo con",
  },
};
