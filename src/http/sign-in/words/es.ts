import type { SignInWords } from "./sign-in-words.ts";

const ask = "Avise a las personas que se ocupan de sus dispositivos.";
const misconfigured = (why: string) => ({ title: "El inicio de sesión aún no funciona", why, next: ask });

export const words: SignInWords = {
  locale: "es-ES",
  code: {
    title: (organization) => `Iniciar sesión en ${organization}`,
    heading: "Inicie sesión con su invitación",
    ask: (organization) =>
      `Introduzca el código que le dio ${organization}. Está al final del enlace de la invitación, después de code=.`,
    wrong: "Ese código no es válido.",
    wrongHelp:
      "Puede estar mal escrito, usado, caducado o retirado. Si no es un error al escribir, pida uno nuevo.",
    label: "Código",
    next: "Continuar",
  },
  refusals: {
    cancelled: {
      title: "No ha iniciado sesión",
      why: "Se canceló el inicio de sesión, o su organización no permite usarlo para esto.",
      next: "Inténtelo de nuevo, o pregunte a las personas que se ocupan de sus dispositivos.",
    },
    "provider-refused": misconfigured(
      "El servicio de inicio de sesión de su organización ha rechazado la petición de este servidor.",
    ),
    "provider-unreachable": {
      title: "El servicio de inicio de sesión no responde",
      why: "Ahora no se puede acceder al servicio de inicio de sesión de su organización. No se ha perdido nada.",
      next: "Inténtelo de nuevo dentro de un minuto.",
    },
    "provider-misbehaves": misconfigured(
      "El servicio de inicio de sesión de su organización ha dado una respuesta que aquí no tiene sentido.",
    ),
    "client-not-accepted": misconfigured(
      "El servicio de inicio de sesión de su organización no conoce este servidor, o no su contraseña.",
    ),
    "state-unknown": {
      title: "Este inicio de sesión ha terminado",
      why: "Se empezó hace demasiado tiempo, o falta una parte de la dirección.",
      next: "Empiece de nuevo donde lo inició.",
    },
    "other-browser": {
      title: "Este inicio de sesión empezó en otro lugar",
      why: "Se empezó en otro navegador o en otro dispositivo, o este navegador no guarda cookies.",
      next: "Empiece de nuevo, quédese en una sola ventana y permita las cookies.",
    },
    "code-spent": {
      title: "Este inicio de sesión ya se ha usado",
      why: "La página se abrió dos veces, o se tardó demasiado.",
      next: "Inténtelo de nuevo.",
    },
    "token-invalid": {
      title: "No se ha podido iniciar su sesión",
      why: "No se puede verificar lo que el servicio de inicio de sesión dice de usted.",
      next: "Inténtelo de nuevo. Si no funciona, avise a las personas que se ocupan de sus dispositivos.",
    },
    "clock-differs": misconfigured(
      "Los relojes de este servidor y del servicio de inicio de sesión no coinciden.",
    ),
    "no-account": {
      title: "Su cuenta no está completa",
      why: "El servicio de inicio de sesión no indica con qué dirección le conoce su organización.",
      next: ask,
    },
    "domain-not-allowed": {
      title: "Esta cuenta no es de esta organización",
      why: "Ha iniciado sesión con una cuenta que aquí no se acepta.",
      next: "Inténtelo de nuevo con la cuenta de su trabajo o centro educativo.",
    },
    "email-not-verified": {
      title: "Su dirección no está verificada",
      why: "El servicio de inicio de sesión aún no sabe si esa dirección es suya.",
      next: "Verifíquela allí y vuelva a intentarlo.",
    },
    "access-missing": misconfigured(
      "Esta página debe abrirse a través del inicio de sesión de su organización, y no ha sido así.",
    ),
    "invitation-unknown": {
      title: "Ese código no es válido",
      why: "Puede estar mal escrito, usado, caducado o retirado.",
      next: "Si no es un error al escribir, pida uno nuevo.",
    },
    "administrators-not-set": {
      title: "Los administradores no inician sesión aquí",
      why: "No hay ningún servicio de inicio de sesión para ellos. Usan tokens de API.",
      next: "Pida a un administrador un token, o que configure PUT /api/v1/sign-in/administrators.",
    },
    "not-an-administrator": {
      title: "Aquí no es administrador",
      why: "Ha iniciado sesión, pero ninguna regla de este servidor le da un rol.",
      next: "Pida a un administrador que le añada a usted o a su grupo a las reglas.",
    },
    "administrator-invitation-unknown": {
      title: "Esta invitación no es válida",
      why: "Se ha usado, se ha retirado o es demasiado antigua, o falta una parte del enlace.",
      next: "Pida una nueva a la persona que le invitó.",
    },
    "administrator-invitation-of-another": {
      title: "Esta invitación es para otra dirección",
      why: "Ha iniciado sesión con una dirección que no está invitada o no está verificada.",
      next: "Inicie sesión con la dirección a la que se envió la invitación.",
    },
    "program-not-accepted": {
      title: "Este inicio de sesión no puede empezar",
      why: "El programa que abrió esta página pide algo que aquí no está permitido.",
      next: "Actualice el programa, o comunique a sus autores el motivo que figura en el registro.",
    },
    "invitation-without-account": {
      title: "Esta invitación no es para nadie en concreto",
      why: "No nombra ninguna cuenta, y aquí hace falta una.",
      next: "Pida una invitación a su nombre.",
    },
  },
  again: "Intentarlo de nuevo",
  inLog: "Quien le ayude puede encontrar esto en el registro:",
  fault: {
    title: "No ha funcionado",
    why: "Algo ha fallado en el servidor.",
    next: "Inténtelo de nuevo dentro de un minuto.",
  },
  administrator: {
    title: "Iniciar sesión como administrador",
    you: "Usted es",
    role: "Rol",
    lasts: "Durante",
    hours: (hours) => `${hours} ${hours === 1 ? "hora" : "horas"}`,
    showsToken: "Esta página le mostrará un token de API.",
    console: "La consola de este servidor actuará en su nombre.",
    program: (host) =>
      `Un programa de este ordenador (${host}) pide actuar en su nombre. Continúe solo si acaba de iniciarlo usted.`,
    next: "Continuar",
    stop: "Cierre esta página si no ha empezado esto usted.",
  },
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
  me: {
    title: (organization) => `Sesión iniciada en ${organization}`,
    heading: "Ha iniciado sesión",
    name: "Nombre",
    account: "Cuenta de Apple gestionada",
    device: "Un dispositivo",
    yours: "Suyo, usado para el trabajo",
    managed: (organization) => `Gestionado por ${organization}`,
    since: (day) => `desde el ${day}`,
    privacy: (organization) => `Qué puede y qué no puede ver ${organization}`,
    signOut: "Cerrar sesión",
    signedOut: "Ha cerrado sesión",
    signedOutHelp:
      "Este navegador ya no le conoce aquí. Si lo usan otras personas, cierre también sus ventanas.",
    signInAgain: "Iniciar sesión de nuevo",
  },
  kept: {
    sees: (organization) => `${organization} no puede ver`,
    does: (organization) => `${organization} no puede`,
    seen: [
      "sus propias apps, ni cuáles tiene",
      "su correo, mensajes, fotos, calendarios, contactos y documentos",
      "qué páginas web abre, ni dónde está el dispositivo",
      "su número de serie, su número de teléfono y otros números que no cambian nunca",
      "su código",
    ],
    done: [
      "borrar el dispositivo ni nada suyo",
      "quitar su código",
      "cambiar cómo funciona el dispositivo para usted, más allá de lo indicado arriba",
      "impedir que lo termine: elimine el perfil en Ajustes en cualquier momento, y con él desaparece todo lo del trabajo",
    ],
    management: "La gestión de dispositivos en sí no lee sus mensajes, fotos ni llamadas.",
  },
  before: {
    own: (organization) => `Usar este dispositivo para ${organization}`,
    ownHelp:
      "El dispositivo sigue siendo suyo. Lo del trabajo se mantiene separado de lo suyo. Esto es lo que significa.",
    managed: (organization) => `Permitir que ${organization} gestione este dispositivo`,
    managedHelp: (organization) =>
      `${organization} configura y atiende el dispositivo. Esto es lo que significa.`,
    next: "Continuar al inicio de sesión",
    stop: "Aún no ha pasado nada. Cierre esta página para detenerlo.",
  },
  setup: {
    title: "Configuración",
    heading: "No ha funcionado",
    notADevice: "Esta página la abre un dispositivo que se está configurando.",
    notApples: "Este dispositivo no ha podido mostrar que es de Apple.",
    tooMuch: "Este dispositivo dice demasiado de sí mismo.",
    notHere: "Este dispositivo no se puede configurar aquí.",
    unknownDevice:
      "Este dispositivo no está asignado a este servidor. Asígnelo en Apple Business e inténtelo de nuevo.",
    unpairedWatch: "Este reloj no está enlazado con un iPhone gestionado. Desenlácelo y vuelva a enlazarlo.",
    notReady:
      "Este servidor aún no puede inscribir dispositivos. Avise a las personas que se ocupan de sus dispositivos.",
  },
};
