import type { ProblemWords } from "../codes.ts";
import { remedies } from "./remedies/es.ts";
import { accountRemedy } from "./remedies/remedies.ts";
import { type Facts, formatsOf, hasEnded, isOne, said } from "./wording.ts";

const { day, moment, count: number } = formatsOf("es-ES");

const ends = (facts: Facts): string =>
  hasEnded(facts) ? `caducó el ${day(facts.ends_on)}` : `caduca el ${day(facts.ends_on)}`;
const devices = ({ count }: Facts, one: string, many: string): string =>
  isOne(count) ? `1 dispositivo ${one}` : `${number(count)} dispositivos ${many}`;
const macs = ({ count }: Facts, one: string, many: string): string =>
  isOne(count) ? `Un Mac ${one}` : `${number(count)} Mac ${many}`;
const withAccount = ({ account }: Facts): string =>
  account ? `con la cuenta de Apple ${account}` : "con la cuenta de Apple original";

export const words: ProblemWords = {
  "devices-kept-out": {
    title: ({ address }) =>
      `Algo delante de ${address} responde a los dispositivos en lugar de este servidor`,
    means:
      "Los dispositivos no pueden superar desafíos, inicios de sesión ni redirecciones: dejan de comunicarse, y nada más lo indica.",
    todo: ({ request, outcome, detail, remedy }) => {
      const known = said(remedies.outcomes, outcome);
      return `${request}: ${known?.what ?? detail}. ${known?.remedy ?? remedy}`;
    },
  },
  "push-certificate-ends": {
    title: (facts) => `El certificado push de ${facts.topic} ${ends(facts)}`,
    means:
      "Sin un certificado push válido no se despierta ningún dispositivo: los comandos esperan hasta que los dispositivos se conecten por sí mismos.",
    todo: (facts) =>
      `Renuévelo en https://identity.apple.com/pushcert ${withAccount(facts)}, con «Renew» y no con «Create», y súbalo a /api/v1/push-certificates.`,
  },
  "push-certificate-missing": {
    title: () => "No hay certificado push",
    means:
      "No se despierta ningún dispositivo: los comandos esperan hasta que los dispositivos se conecten por sí mismos.",
    todo: () => "Siga docs/push.md para obtener uno de Apple.",
  },
  "push-certificate-refused": {
    title: ({ topic }) => `Apple rechaza el certificado push de ${topic}`,
    means: "No se despierta ningún dispositivo de este topic.",
    todo: (facts) => `Apple responde: ${facts.reason}. Renueve el certificado ${withAccount(facts)}.`,
  },
  "push-certificate-other-topic": {
    title: ({ topic, other }) => `Se subió ${other} poco antes de que caduque ${topic}`,
    means:
      "Parece una renovación con la cuenta de Apple equivocada, o con «Create». Los dispositivos solo escuchan su propio topic; los del anterior tendrían que inscribirse de nuevo.",
    todo: (facts) => `Renueve ${facts.topic} ${withAccount(facts)}, con «Renew».`,
  },
  "push-certificate-account-unknown": {
    title: ({ topic }) => `No consta la cuenta de Apple del certificado push de ${topic}`,
    means:
      "Solo esa cuenta puede renovarlo el año que viene. Sin ella, todos los dispositivos tendrían que inscribirse de nuevo.",
    todo: ({ id }) => `Anótela: PATCH /api/v1/push-certificates/${id}.`,
  },
  "ade-token-ends": {
    title: (facts) => `El token de la cuenta ADE ${facts.account} ${ends(facts)}`,
    means:
      "Sin él, los dispositivos nuevos de Apple Business o Apple School Manager no se conocen aquí y no reciben perfil. Los inscritos siguen inscritos.",
    todo: ({ account, admin }) =>
      `Cree un certificado (POST /api/v1/ade/accounts/${account}/certificate), súbalo en Apple para el mismo servidor${admin ? ` (la última vez lo hizo ${admin})` : ""}, descargue el token y súbalo a /api/v1/ade/accounts/${account}/token.`,
  },
  "ade-account-stopped": {
    title: ({ account, organization }) =>
      `Apple no atiende la cuenta ADE ${account}${organization ? ` de ${organization}` : ""}`,
    means: "Los dispositivos nuevos no se conocen aquí y no reciben perfil. Los inscritos siguen inscritos.",
    todo: (facts) => accountRemedy(remedies, "token", facts),
  },
  "api-account-stopped": {
    title: ({ account }) => `Apple no atiende la cuenta de API ${account}`,
    means:
      "No se leen los pedidos ni AppleCare, y no se puede trasladar ningún dispositivo desde aquí. Las inscripciones continúan: tienen su propio token.",
    todo: (facts) => accountRemedy(remedies, "key", facts),
  },
  "content-token-ends": {
    title: (facts) => `El token de contenido de la ubicación ${facts.location} ${ends(facts)}`,
    means: "Sin él no se asigna ni se retira ninguna licencia. Las apps instaladas siguen funcionando.",
    todo: ({ location, name }) =>
      `Descargue un nuevo token de contenido para ${name} en el portal de Apple (Apps y libros) y súbalo aquí: PUT /api/v1/apps-and-books/locations/${location}/token.`,
  },
  "content-location-stopped": {
    title: ({ location }) => `Apple no atiende la ubicación ${location} de Apps y libros`,
    means: "No se asigna ni se retira ninguna licencia. Las apps instaladas siguen funcionando.",
    todo: ({ location, detail }) =>
      `Compruebe el token de contenido en el portal de Apple y, si hace falta, suba uno nuevo: PUT /api/v1/apps-and-books/locations/${location}/token. (${detail})`,
  },
  "content-location-taken": {
    title: ({ location, by }) => `${by} gestiona ahora la ubicación ${location} de Apps y libros`,
    means: "Este servidor ya no escribe nada allí: dos servidores se quitarían licencias el uno al otro.",
    todo: ({ location, metadata }) =>
      `Retire el token del otro servidor (${metadata}) y tome el control de la ubicación: POST /api/v1/apps-and-books/locations/${location}/take-over. O elimínela aquí.`,
  },
  "licences-missing": {
    title: ({ count, app, location }) =>
      isOne(count)
        ? `Falta una licencia de ${app} en ${location}`
        : `Faltan ${number(count)} licencias de ${app} en ${location}`,
    means: "Hay dispositivos o personas que deben tener la app y esperan una licencia.",
    todo: () =>
      "Compre más en el portal de Apple, aunque la app sea gratuita, o libere algunas aquí. Después continúa por sí solo.",
  },
  "licence-counts-differ": {
    title: ({ app, location, assigned, held }) =>
      `Apple cuenta ${number(assigned)} licencias asignadas de ${app} en ${location} y enumera ${number(held)}`,
    means:
      "El recuento y la lista se contradicen desde hace más de un día, aunque se volvieron a leer. No se ha quitado nada a nadie.",
    todo: ({ location }) =>
      `Compare con el portal de Apple (Apps y libros). POST /api/v1/apps-and-books/locations/${location}/sync vuelve a leerlo todo. Si sigue igual, consulte al soporte de Apple: solo Apple puede corregir su recuento.`,
  },
  "rollout-halted": {
    title: ({ subject }) => `El despliegue gradual de ${subject} se ha detenido`,
    means:
      "Los dispositivos de las fases abiertas tienen el cambio; los demás conservan lo que tenían, hasta que alguien decida.",
    todo: ({ id, reason }) =>
      `${reason}. Las cifras: GET /api/v1/rollouts/${id}; después, POST a su /resume, /cancel o /finish.`,
  },
  "migrations-not-ready": {
    title: (facts) =>
      `${devices(facts, "no está listo", "no están listos")} para pasar a ${facts.account}; la primera fecha límite es el ${day(facts.deadline)}`,
    means:
      "Apple traslada los dispositivos en su fecha límite, estén listos o no: pueden perder apps gestionadas y datos, o quedar sin gestión.",
    todo: ({ account, device, checks, missing }) => {
      const known = String(checks ?? "")
        .split(" ")
        .flatMap((check) => said(remedies.checks, check) ?? []);
      return `El primero es ${device}: ${known.join("; ") || missing}. Todos: GET /api/v1/ade/migrations?account=${account}&arrived=false`;
    },
  },
  "authority-ends": {
    title: (facts) => `La autoridad de certificación ${facts.subject} ${ends(facts)}`,
    means: "Después no se aceptan las identidades que emitió.",
    todo: () =>
      "Cree una autoridad nueva y haga que emita (docs/identities.md), con tiempo suficiente para renovar todas las identidades con ella.",
  },
  "authority-missing": {
    title: () => "Ninguna autoridad de certificación emite identidades",
    means: "Ningún dispositivo puede inscribirse ni renovar su identidad.",
    todo: () => "Cree una: POST /api/v1/authorities.",
  },
  "identities-not-renewed": {
    title: (facts) => devices(facts, "no renueva su identidad", "no renuevan su identidad"),
    means:
      "La renovación lleva retraso. Cuando caduque la identidad y pase el plazo de gracia, el dispositivo tendrá que inscribirse de nuevo a mano.",
    todo: ({ first_ends_on, device }) =>
      `Revise el dispositivo ${device}, cuya identidad caduca primero (${day(first_ends_on)}): ¿está encendido y acepta comandos?`,
  },
  "identities-ended": {
    title: (facts) => devices(facts, "tiene una identidad caducada", "tienen una identidad caducada"),
    means: "Durante el plazo de gracia aún pueden renovarla; después tendrán que inscribirse de nuevo.",
    todo: ({ device, grace_days }) =>
      `Conéctelos dentro de los ${grace_days} días siguientes a la caducidad (ajuste identity_grace_days), por ejemplo ${device}.`,
  },
  "provisioning-profile-ends": {
    title: (facts) => `El perfil de datos ${facts.name} ${ends(facts)}`,
    means: "Después, las apps firmadas con él ya no se abren.",
    todo: () =>
      "Cree uno nuevo en el portal de desarrolladores de Apple y súbalo a /api/v1/provisioning-profiles.",
  },
  "signing-certificate-ends": {
    title: (facts) => `El certificado ${facts.subject}, que firma los perfiles, ${ends(facts)}`,
    means:
      "Después, los perfiles los firma la autoridad emisora, y los dispositivos no los muestran como verificados.",
    todo: () => "Suba uno nuevo a /api/v1/signing-certificates.",
  },
  "webhook-paused": {
    title: ({ name }) => `El webhook ${name} está en pausa`,
    means:
      "No recibe eventos. Los eventos nuevos se conservan tanto tiempo como indica el ajuste events_days.",
    todo: ({ kind, reason, id }) =>
      `${said(remedies.paused, kind) ?? `El motivo: ${reason}.`} Repare el receptor y después PATCH /api/v1/webhooks/${id} con {"state":"active"}.`,
  },
  "webhook-failing": {
    title: ({ name, since }) => `El webhook ${name} falla desde el ${moment(since)}`,
    means: "Los mensajes esperan y no se pierde ninguno; a los cinco días queda en pausa.",
    todo: ({ fault, id }) => `El último intento: «${fault}». Pruébelo con POST /api/v1/webhooks/${id}/ping.`,
  },
  "webhook-dead-letters": {
    title: ({ name, count }) =>
      `El webhook ${name} ha rechazado ${isOne(count) ? "un mensaje" : `${number(count)} mensajes`}`,
    means: "Se intentó durante tres días y se abandonó. Los mensajes posteriores se enviaron.",
    todo: ({ id }) =>
      `Consulte GET /api/v1/webhooks/${id}/dead-letters; para reenviarlos: POST …/dead-letters/replay.`,
  },
  "queues-stuck": {
    title: (facts) =>
      `${devices(facts, "se conecta pero deja", "se conectan pero dejan")} comandos en espera desde hace más de ${facts.days} días`,
    means: "Estos dispositivos se conectan, pero no ejecutan sus comandos.",
    todo: ({ device, request_type }) =>
      `Revise los comandos de ${device}, donde espera ${request_type}: los dispositivos aplazan los comandos que necesitan a una persona.`,
  },
  "devices-silent": {
    title: (facts) =>
      `${devices(facts, "no se ha visto", "no se han visto")} desde hace más de ${facts.days} días`,
    means: "Están apagados, perdidos o no pueden acceder a este servidor; no les llega ningún cambio.",
    todo: () => "La lista: GET /api/v1/devices?state=enrolled&seen_before=…",
  },
  "escrow-missing-bootstrap-token": {
    title: (facts) =>
      macs(facts, "no tiene token de arranque en custodia", "no tienen token de arranque en custodia"),
    means:
      "Sin él, las actualizaciones y extensiones en chip de Apple necesitan a una persona con contraseña.",
    todo: ({ device }) =>
      `Un administrador con token seguro inicia sesión una vez en el Mac (por ejemplo ${device}) o ejecuta \`sudo profiles install -type bootstraptoken\`.`,
  },
  "escrow-missing-filevault-key": {
    title: (facts) =>
      macs(
        facts,
        "está cifrado, pero no hay ninguna clave de recuperación en custodia",
        "están cifrados, pero no hay ninguna clave de recuperación en custodia",
      ),
    means: "Si se olvida la contraseña, los datos del disco se pierden.",
    todo: ({ device }) =>
      `Deles el perfil de custodia y cambie la clave (docs/commands.md), por ejemplo ${device}.`,
  },
  "escrow-missing-recovery-lock": {
    title: (facts) =>
      macs(
        facts,
        "tiene un bloqueo de recuperación cuya contraseña no está en custodia",
        "tienen un bloqueo de recuperación cuya contraseña no está en custodia",
      ),
    means: "Nadie puede iniciar el sistema de recuperación, ni cambiar la contraseña sin conocerla.",
    todo: ({ device }) =>
      `Quien lo puso debe quitarlo en el Mac (por ejemplo ${device}); después ponga uno con SetRecoveryLock, que queda en custodia (docs/commands.md).`,
  },
  "attestations-failed": {
    title: (facts) =>
      devices(facts, "responde sin una atestación válida", "responden sin una atestación válida"),
    means: "Apple no confirma lo que dicen ser, o confirma otra cosa.",
    todo: ({ device }) =>
      `Consulte attestation en GET /api/v1/devices/${device}: ahí está el motivo. Si un dispositivo se presenta en lugar de otro, debe revisarlo una persona (docs/attestation.md).`,
  },
  "profile-failed": {
    title: (facts) =>
      `${devices(facts, "no ha instalado", "no han instalado")} el perfil ${facts.identifier}`,
    means: "Sus ajustes no se aplican ahí.",
    todo: ({ identifier }) => `El motivo: GET /api/v1/profiles/${identifier}/devices?state=failed`,
  },
  "declaration-failed": {
    title: ({ identifier, count }) =>
      `En ${isOne(count) ? "1 dispositivo" : `${number(count)} dispositivos`} la declaración ${identifier} no es válida`,
    means: "Sus ajustes no se aplican ahí.",
    todo: ({ identifier }) => `El motivo: GET /api/v1/declarations/${identifier}/status`,
  },
  "app-given-up": {
    title: ({ app, count }) =>
      `En ${isOne(count) ? "1 dispositivo" : `${number(count)} dispositivos`} la app ${app} ha fallado definitivamente`,
    means: "Se intentó varias veces. Solo se intentará de nuevo cuando algo cambie.",
    todo: ({ app }) =>
      `El motivo: GET /api/v1/apps/${app}/devices?state=failed. Corríjalo y guarde la app con el cambio.`,
  },
  "app-bundle-id-differs": {
    title: (facts) =>
      `${devices(facts, "informa", "informan")} de la app ${facts.app} como ${facts.told}; la tienda dice ${facts.expected}`,
    means:
      "Este servidor sigue lo que dicen los dispositivos. Un perfil que nombra la app con el identificador de la tienda se refiere a otra.",
    todo: ({ app, told }) =>
      `Compruebe el identificador de la App Store: GET /api/v1/apps/${app}. Si es la app correcta, escriba ${told} donde la nombre por su identificador de paquete. Cada día se vuelve a consultar la tienda.`,
  },
  "updates-overdue": {
    title: (facts) =>
      `${devices(facts, "lleva", "llevan")} retraso según la política de actualización ${facts.policy}`,
    means: "La fecha límite ha pasado y siguen con un sistema anterior.",
    todo: ({ policy }) => `Su estado: GET /api/v1/software-updates/policies/${policy}/progress`,
  },
  "apple-list-stale": {
    title: ({ last }) =>
      last
        ? `La lista de sistemas de Apple se leyó por última vez el ${day(last)}`
        : "La lista de sistemas de Apple no se ha leído nunca",
    means:
      "Los sistemas publicados desde entonces no se conocen: las políticas que siguen el más reciente se quedan en el anterior.",
    todo: ({ trouble }) =>
      `${trouble ? `El último intento: «${trouble}». ` : ""}Inicie de nuevo la tarea apple-systems (docs/declarations.md), o indique usted las versiones nuevas.`,
  },
  "platform-limit": {
    title: ({ percent }) => `La base de datos está llena al ${percent} % o más`,
    means:
      "Cuando se llene no se guardará nada nuevo: las listas se quedan atrás y se rechazan comandos y ajustes.",
    todo: ({ used, limit }) =>
      `Ocupa ${used} de ${limit} (ajuste platform_database_mb). Reduzca events_days y audit_days, elimine los dispositivos que ya no están o pase a un plan mayor.`,
  },
  "daily-limit": {
    title: ({ metric, what, percent, day: on }) =>
      `${said(remedies.limits, metric) ?? what}: el ${day(on)} se usó el ${percent} % o más del límite diario`,
    means:
      "Al llegar al límite del plan Free, Cloudflare lo rechaza todo hasta la medianoche UTC. Después los dispositivos vuelven por sí mismos, pero hasta entonces no les llega nada.",
    todo: ({ used, limit }) =>
      `La cuenta usó ${number(used)} de ${number(limit)}. Pase a Workers Paid, que no tiene límites diarios, o averigüe qué hace tantas peticiones (docs/cost.md).`,
  },
  "daily-use-not-read": {
    title: () => "Cloudflare no indica lo que consume la cuenta",
    means: "Nadie recibe un aviso cuando se acerca un límite diario.",
    todo: ({ trouble }) =>
      `El último intento: «${trouble}». Compruebe los ajustes cloudflare_account_id y cloudflare_api_token (docs/cost.md), o póngalos a null.`,
  },
  "newer-release": {
    title: ({ newest }) => `Ha salido la versión ${newest}`,
    means: "Puede contener correcciones que aquí faltan.",
    todo: ({ version }) =>
      `Aquí está instalada la ${version}. Lea su registro de cambios y después: npm run upgrade (docs/upgrade.md).`,
  },
  "mail-not-sent": {
    title: ({ to }) => `El correo no llega a ${to}`,
    means:
      "Los mensajes sobre problemas se envían a las direcciones del ajuste mail_to, y estas no los reciben.",
    todo: ({ lacks, trouble }) =>
      `${said(remedies.mail, lacks) ?? `El último intento: «${trouble}».`} Consulte docs/mail.md; pruebe con POST /api/v1/mail/test, o vacíe mail_to.`,
  },
  "backup-old": {
    title: ({ last }) =>
      last ? `La última copia de seguridad es del ${day(last)}` : "Nunca se ha hecho una copia de seguridad",
    means: "Si se pierde la cuenta de Cloudflare, se pierden todos los cambios hechos desde entonces.",
    todo: () => "Ejecute npm run backup y guarde el archivo fuera de Cloudflare (docs/backup.md).",
  },
  "unsafe-setting": {
    title: ({ setting, what }) => said(remedies.settings, setting)?.what ?? String(what),
    means: "Está permitido, pero es menos seguro de lo posible.",
    todo: ({ setting, remedy }) => said(remedies.settings, setting)?.remedy ?? String(remedy),
  },
};
