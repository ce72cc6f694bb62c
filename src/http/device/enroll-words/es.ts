import type { Words } from "./words.ts";

export const es: Words = {
  locale: "es-ES",
  title: (organization) => `Inscribir un dispositivo en ${organization}`,
  heading: (organization) => `Permitir que ${organization} gestione este dispositivo`,
  button: "Descargar perfil",
  intro: (organization, host) =>
    `Cuando instales un perfil, ${organization} podrá configurar y gestionar el dispositivo mediante ${host}. Lee abajo qué significa.`,
  scan: "Para un iPhone o iPad, escanea este código con su cámara. Para este Mac, usa el botón.",
  elsewhere:
    "Solo se pueden inscribir dispositivos Apple. Escanea este código con la cámara de tu iPhone o iPad, o abre esta página en tu Mac.",
  qr: "Código QR con la dirección de esta página",
  notForUse: "No usar.",
  placeholder:
    "El tema push es provisional: ninguna notificación push llegará a este dispositivo. Sube un certificado push, o define mdm.Topic, antes de inscribir dispositivos reales.",
  sees: (organization) => `${organization} puede ver`,
  does: (organization) => `${organization} puede`,
  rights: {
    16: "el nombre, modelo, número de serie, versión del sistema y espacio libre",
    32: "el número de teléfono, el operador y las direcciones de red",
    256: "qué apps están instaladas",
    1: "qué perfiles de configuración están instalados",
    64: "qué perfiles de datos de apps internas están instalados",
    512: "qué restricciones están en vigor",
    1024: "si tiene código y está cifrado",
    2: "configurarlo con perfiles: Wi-Fi, VPN, correo, certificados, reglas de código y restricciones",
    4096: "instalar apps y eliminar las que haya instalado",
    2048: "cambiar ajustes, como el nombre o la itinerancia",
    128: "añadir y eliminar perfiles de datos de apps internas",
    4: "bloquearlo y quitar su código",
    8: "borrar todo su contenido",
  },
  userSees: [
    "el nombre, modelo, versión del sistema, espacio libre y nivel de batería",
    "las apps, cuentas y perfiles instalados para el trabajo",
    "si el código cumple las reglas",
  ],
  userDoes: [
    "añadir cuentas, apps y ajustes de trabajo, separados de los tuyos",
    "exigir un código de seis cifras",
    "bloquear la pantalla de un iPhone o iPad",
    "eliminar lo que se añadió",
  ],
  privacy:
    "La gestión en sí no lee tus mensajes, fotos ni llamadas. Lo que instala aparece siempre en los ajustes del dispositivo.",
  removable: "Al eliminar allí el perfil, la gestión termina.",
  consent: "Lo que aceptas",
  until: (time) => `Este enlace funciona hasta el ${time}.`,
  contact: "¿Preguntas?",
  after: "Después de la descarga",
  steps: {
    iphone: {
      title: "iPhone, iPad o Vision Pro",
      steps: [
        "Abre esta página en Safari, toca «Descargar perfil» y después Permitir.",
        "Abre Ajustes y toca arriba «Perfil descargado» o «Inscribirse en…». Si no está: General y «VPN y gestión de dispositivos».",
        "Toca Instalar e introduce tu código. Lee el texto y toca Instalar otra vez.",
        "Toca Confiar y termina.",
      ],
    },
    mac: {
      title: "Mac",
      steps: [
        "Haz clic en «Descargar perfil». Si el navegador pregunta, permite la descarga y abre el archivo.",
        "Abre Ajustes del Sistema, General y «Gestión de dispositivos» (antes de macOS 15: «Privacidad y seguridad» y Perfiles).",
        "Haz doble clic en el perfil y después en Instalar o Inscribir.",
        "Introduce la contraseña de un administrador de este Mac.",
      ],
    },
    tv: {
      title: "Apple TV",
      steps: [
        "El Apple TV no tiene navegador: necesita la dirección del perfil, que es la del enlace «Descargar perfil».",
        "Abre Ajustes, General y «Privacidad y seguridad». Ve a «Compartir análisis del Apple TV» sin pulsarlo.",
        "Pulsa Reproducir/Pausa en el mando, elige «Añadir perfil» e introduce la dirección.",
        "Elige Instalar y confirma. Apple Configurator en un Mac también puede instalarlo.",
      ],
    },
  },
  problems: {
    unknown: {
      title: "Este enlace no se conoce",
      why: "Puede que falte una parte.",
      next: "Ábrelo otra vez desde el mensaje o vuelve a escanear el código. Si no funciona, pide uno nuevo.",
    },
    expired: {
      title: "Este enlace ha caducado",
      why: "Solo era válido durante un tiempo.",
      next: "Pide uno nuevo a quien lo envió.",
    },
    "used-up": {
      title: "Este enlace ya se ha usado",
      why: "Valía para un número de dispositivos, y ya se han inscrito.",
      next: "Si acabas de descargar el perfil, continúa en Ajustes. Si no, pide un enlace nuevo.",
    },
    revoked: {
      title: "Este enlace se ha retirado",
      why: "Quien lo creó lo ha anulado.",
      next: "Pide uno nuevo si aún lo necesitas.",
    },
    "no-code": {
      title: "Necesitas una invitación",
      why: "Los dispositivos se inscriben con un enlace o un código QR que da su organización.",
      next: "Pídelo a las personas que gestionan tus dispositivos.",
    },
    "not-ready": {
      title: "Este servidor aún no puede inscribir dispositivos",
      why: "Falta algo en su configuración. Tu enlace sigue siendo válido.",
      next: "Avisa a quien te envió el enlace e inténtalo más tarde.",
    },
    "too-old": {
      title: "Este sistema es demasiado antiguo",
      why: "Tu organización solo inscribe dispositivos cuyo sistema puede demostrar a Apple qué son.",
      next: "Actualiza el dispositivo en Ajustes, General, «Actualización de software» y abre el enlace otra vez. Sigue siendo válido.",
    },
    fault: {
      title: "No ha funcionado",
      why: "Algo ha fallado en el servidor. Tu enlace sigue siendo válido.",
      next: "Inténtalo de nuevo en un minuto.",
    },
  },
};
