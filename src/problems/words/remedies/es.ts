import type { Remedies } from "./remedies.ts";

const patch = (name: string, value: string): string => `PATCH /api/v1/settings con {"${name}": ${value}}.`;

export const remedies: Remedies = {
  settings: {
    PUBLIC_URL: {
      what: "El servidor no tiene una dirección fija y usa la de cada petición",
      remedy: "Configure PUBLIC_URL o un dominio propio (docs/configuration.md).",
    },
    MASTER_KEY_PREVIOUS: {
      what: "La clave maestra anterior sigue configurada",
      remedy: "Ejecute la tarea reseal y elimine MASTER_KEY_PREVIOUS cuando lo indique.",
    },
    WEBHOOK_ALLOW_LOCAL: {
      what: "Los webhooks pueden ir a direcciones privadas y sin TLS",
      remedy: "Elimine WEBHOOK_ALLOW_LOCAL: es solo para desarrollo.",
    },
    SCEP_LEGACY_CIPHERS: {
      what: "SCEP acepta cifrados rotos",
      remedy: "Elimine SCEP_LEGACY_CIPHERS cuando ningún cliente lo necesite.",
    },
    static_challenge: {
      what: "Quien conozca el challenge fijo puede obtener cuantas identidades quiera",
      remedy: patch("static_challenge", "null"),
    },
    allow_replacement: {
      what: "Una inscripción que no nombra ningún dispositivo puede sustituir a uno inscrito",
      remedy: patch("allow_replacement", "false"),
    },
    trust_reported_identifiers: {
      what: "Un dispositivo que solo afirma tener un número de serie recibe lo destinado a ese número",
      remedy: patch("trust_reported_identifiers", "false"),
    },
    unknown_device: {
      what: "A un dispositivo desconocido se le ordena eliminar su perfil",
      remedy: patch("unknown_device", '"refuse"'),
    },
    migration: {
      what: "El acceso para los dispositivos de otro servidor está abierto",
      remedy: `Cuando ya estén aquí: ${patch("migration", "false")}`,
    },
    compat_destructive: {
      what: "Los scripts de otras herramientas pueden borrar muchos dispositivos de una vez, sin confirmación",
      remedy: patch("compat_destructive", "false"),
    },
  },
  outcomes: {
    challenged: {
      what: "Cloudflare responde con un desafío",
      remedy:
        "En el panel de Cloudflare de la zona, desactive Bot Fight Mode (Security, Bots; no admite excepciones) y exima las rutas de los dispositivos, con una regla Skip, de los desafíos de las reglas propias, de Super Bot Fight Mode y del modo Under Attack. Security Events indica cuál fue.",
    },
    "access-login": {
      what: "responde el inicio de sesión de Cloudflare Access",
      remedy:
        "Quite Cloudflare Access de este nombre de host, o añada una política Bypass para las rutas de los dispositivos /mdm, /scep, /acme, /crl y /enroll.",
    },
    "browser-check": {
      what: "Browser Integrity Check rechaza la petición (error 1010)",
      remedy:
        "Desactive Browser Integrity Check para este nombre de host con una regla de configuración: algunos programas de Apple no tienen un User-Agent habitual.",
    },
    blocked: {
      what: "algo delante de este servidor bloquea la petición",
      remedy:
        "Busque en Security Events de la zona la regla que la bloqueó (reglas propias o gestionadas, acceso por IP, bloqueo de zona) y exima las rutas de los dispositivos.",
    },
    redirected: {
      what: "responde una redirección",
      remedy:
        "Quite la redirección (Redirect Rules, Page Rules, Always Use HTTPS) de este nombre de host: un PUT redirigido se pierde.",
    },
    "daily-limit": {
      what: "las peticiones del día se han agotado (error 1027)",
      remedy: "El plan Free no admite más hasta la medianoche UTC; el plan Workers Paid no tiene ese límite.",
    },
    "rate-limited": {
      what: "algo delante de este servidor limita el número de peticiones (429)",
      remedy:
        "Busque una regla de limitación de la zona que se aplique a este nombre de host y exima las rutas de los dispositivos.",
    },
    "not-ours": {
      what: "responde otro servidor",
      remedy: "Compruebe a qué Worker, ruta u origen lleva el nombre de host, y si PUBLIC_URL es correcto.",
    },
    unexpected: {
      what: "este servidor no responde como se espera",
      remedy: "Consulte en /readyz qué falta.",
    },
    unreachable: {
      what: "no se puede acceder a la dirección",
      remedy:
        "Compruebe que el nombre está en el DNS, que su certificado está emitido y que el dominio propio lleva a este Worker.",
    },
    untested: {
      what: "el Worker no puede probar su propia dirección",
      remedy:
        "Ejecute npm run selftest en otro ordenador; con la opción de compatibilidad global_fetch_strictly_public, el Worker puede consultarse a sí mismo.",
    },
  },
  accounts: {
    terms:
      "Un administrador de esta organización debe iniciar sesión en Apple Business o Apple School Manager y aceptar las nuevas condiciones. Los dispositivos inscritos siguen funcionando.",
    rights: "Compruebe en el portal de Apple qué permisos tiene este servidor o esta cuenta de API.",
    token:
      "Descargue en Apple Business o Apple School Manager un token nuevo para este servidor y súbalo a esta cuenta, preferiblemente con una cuenta de Apple que atiendan varias personas.",
    key: "Compare el ID de cliente y el ID de clave con el portal de Apple. Si son correctos, cree allí una clave nueva para la cuenta de API (Preferencias, API) y guárdela aquí.",
    "user-agent": "Configure para esta cuenta otro User-Agent: nombre y versión de un producto.",
    profile: "Corrija el perfil ADE y guárdelo de nuevo.",
    beta: "Active el acceso a las versiones beta en Apple Business o Apple School Manager.",
    wait: "No hay que hacer nada: se volverá a consultar a Apple más tarde.",
    "in-between":
      "Se volverá a consultar a Apple más tarde. Si continúa, compruebe si algo entre este servidor y Apple responde en su lugar, y si la URL base de la cuenta es correcta.",
    "ask-apple": "Apple no ofrece esto a esta organización: consulte a Apple.",
    report: "Es un fallo de este servidor: comuníquelo con el texto de la respuesta.",
  },
  checks: {
    token: "el token de la cuenta ADE no vale hasta la fecha límite: renuévelo",
    profile: "ninguna regla le da un perfil ADE: añada una regla o asígnele uno a mano",
    "profile-assigned": "Apple aún no ha asignado la última versión del perfil ADE; ocurre por sí solo",
    "awaits-configuration":
      "al perfil ADE le falta await_device_configured: las apps gestionadas y sus datos se eliminarían en el traslado",
    "not-shared": "el perfil ADE es para un iPad compartido, y esos dispositivos no se trasladan",
    "file-vault-escrow":
      "el ajuste de inscripción file_vault_escrow no está configurado: la nueva clave de FileVault de este Mac no se custodiaría en ningún sitio",
  },
  limits: {
    "worker-requests": "Peticiones a Workers",
    "object-requests": "Peticiones a Durable Objects",
    "object-rows-read": "Filas leídas en Durable Objects",
    "object-rows-written": "Filas escritas en Durable Objects",
    "database-rows-read": "Filas leídas en D1",
    "database-rows-written": "Filas escritas en D1",
  },
  paused: {
    gone: "El receptor indica que ya no existe (410).",
    refuses: "El receptor ha rechazado demasiados mensajes.",
    silent: "El receptor no ha aceptado nada durante cinco días.",
  },
  mail: {
    binding: "Falta el enlace EMAIL ([[send_email]] en wrangler.toml).",
    sender: "El ajuste mail_from no está configurado.",
  },
};
