import { plural } from "../forms.ts";
import type { Rooms, Translation } from "../words.ts";

const words: Translation<Rooms["device"]> = {
  tabs: { certificates: "Certificados", setup: "Configuración" },
  again: {
    one: "Intentar de nuevo",
    all: "Intentar todo de nuevo",
    asked: (n) => plural(n, { one: "# cosa se intenta de nuevo", other: "# cosas se intentan de nuevo" }),
    nothing: "Ya no queda nada por intentar: quizá ya está en curso",
    command: "El comando se dio de nuevo",
    failed: (n) => plural(n, { one: "# cosa falló", other: "# cosas fallaron" }),
    hints: {
      profile:
        "Corrija el perfil en la biblioteca, o inténtelo de nuevo cuando el dispositivo pueda aceptarlo.",
      value: "Dé este valor al dispositivo, con un atributo o por su persona. Después sigue solo.",
      invalid:
        "El dispositivo rechaza el contenido. Corrija la declaración en la biblioteca, o inténtelo de nuevo.",
      unknown_to_device: "El dispositivo la tomó y no la comunica. Quizá su sistema es demasiado antiguo.",
      stale: "El dispositivo comunica una versión anterior. Toma la nueva cuando se intenta de nuevo.",
      app: "Lo que puede pasar se intenta de nuevo solo. Inténtelo de nuevo cuando la causa esté corregida.",
      command: "El dispositivo dijo por qué. Corríjalo y dé el comando de nuevo.",
    },
  },
  assigned: {
    profiles: "Perfiles",
    declarations: "Declaraciones",
    apps: "Apps",
    declarationsOf: (user: string) => `Declaraciones de ${user}`,
    noneOfTheirOwn: (users: string) => `Sin declaraciones propias: ${users}`,
    noProfiles: "Ningún grupo da un perfil a este dispositivo",
    noDeclarations: "Ningún grupo da una declaración a este dispositivo",
    noApps: "Ningún grupo da una app a este dispositivo",
    declarationStates: {
      pending: "Aún no comunicada",
      active: "Activa",
      inactive: "Inactiva",
      invalid: "Rechazada",
      unknown_to_device: "No comunicada",
      stale: "Versión anterior",
    },
    appStates: {
      waiting_for_licence: "Espera una licencia",
      pending: "En curso",
      installing: "Instalándose",
      waiting_for_person: "Espera a la persona",
      installed: "Instalada",
      failed: "Falló",
      not_applicable: "No es para este dispositivo",
      removing: "Eliminándose",
    },
  },
  certificates: {
    identity: "Identidad del dispositivo",
    identityHint: "Con este certificado el dispositivo demuestra a este servidor quién es.",
    fingerprint: "Huella",
    expires: "Caduca",
    firstUsed: "Primer uso",
    inUse: "En uso",
    accepted: (when) => `Sustituido, aceptado hasta el ${when}`,
    revoked: "Revocado",
    ended: "Caducado",
    endsSoon: "Caduca pronto",
    noIdentity: "No hay ninguna identidad ligada a este dispositivo",
    renewal: {
      not_possible:
        "No se puede renovar desde aquí: el dispositivo se inscribió con el perfil de otro servidor.",
      not_due: "Se renueva sola antes de caducar.",
      under_way: "Se está renovando: un comando espera al dispositivo.",
      failed: "La última renovación falló.",
    },
    due: "Se renueva desde",
    renew: "Renovar ahora",
    renewText:
      "El dispositivo recibe otra vez su perfil de inscripción y pide un certificado nuevo. La persona no nota nada. El actual vale hasta que se use el nuevo.",
    renewed: "La renovación ha empezado",
    endOverlap: "Dejar de aceptar el sustituido",
    endOverlapText:
      "Desde ahora solo se acepta el certificado más reciente. Un dispositivo que aún no lo haya usado sería rechazado.",
    endedOnes: (n) =>
      plural(n, {
        one: "# certificado sustituido ya no se acepta",
        other: "# certificados sustituidos ya no se aceptan",
      }),
    unbind: "Desligar",
    unbindText:
      "Las peticiones con este certificado se rechazan desde ahora y para siempre. Si el dispositivo no tiene otro, debe inscribirse de nuevo.",
    unbound: "El certificado está desligado",
    installed: "Certificados en el dispositivo",
    installedHint: "Lo que el dispositivo dijo cuando se le preguntó por última vez.",
    none: "El dispositivo no ha comunicado ningún certificado",
    name: "Nombre",
    issuer: "Emisor",
    own: "Identidad",
    authority: "Autoridad",
  },
  setup: {
    none: "Este dispositivo no ha esperado en el Asistente de Configuración",
    noneHint:
      "Solo los dispositivos que se inscriben automáticamente quedan retenidos allí, hasta que tienen lo que necesitan.",
    states: {
      running: "Retenido en el Asistente de Configuración",
      releasing: "Liberándose",
      released: "Liberado",
      stuck: "Atascado: no quiso salir del Asistente de Configuración",
    },
    began: "Empezó",
    ends: "Liberado como muy tarde",
    releasedAt: "Liberado",
    releasedBy: "Liberado porque",
    by: {
      complete: "todos los pasos estaban hechos",
      "time-limit": "se acabó su tiempo",
      device: "el dispositivo salió por sí mismo",
    },
    release: "Liberar ahora",
    releaseText:
      "La persona puede seguir enseguida con el Asistente de Configuración. Lo que falta se hace después.",
    releasedNow: "El dispositivo queda libre",
    steps: "Pasos",
    step: "Paso",
    took: "Duró",
    names: {
      "file-vault-escrow": "La clave de FileVault se guarda aquí",
      profiles: "Perfiles",
      declarations: "Declaraciones",
      apps: "Apps",
      accounts: "Cuentas",
      "recovery-lock": "Bloqueo de recuperación",
    },
    stepStates: { running: "En curso", done: "Hecho", failed: "Falló", late: "Tardó demasiado" },
    holds: "El dispositivo lo espera",
  },
  happened: { news: "Ver lo nuevo" },
  kept: {
    lead: "Lo que abre un dispositivo se conserva después de eliminarlo aquí: claves de recuperación, contraseñas, códigos de omisión. Quien lee uno dice por qué, y el registro guarda ambas cosas.",
    onlyNames:
      "Ve qué se conserva; para leerlo hace falta el rol Administrador o el derecho a leer valores en custodia.",
    which: "Número de serie o identificador",
    whichHint: "Como estaba en la página del dispositivo.",
  },
  recovery: {
    lead: "Cada lectura queda en el registro, con su motivo.",
    reason: "Motivo",
    reasonHint: "Para el registro: quién necesita el valor, y por qué.",
    showText: "El valor se muestra en esta pantalla. El registro guarda que usted lo leyó, y por qué.",
    deleted: "dispositivo eliminado",
    stored: "Guardado desde",
    earlier: (n) => plural(n, { one: "# valor anterior", other: "# valores anteriores" }),
    unconfirmed: "no confirmado por el dispositivo",
    former: "de una inscripción anterior",
    older: "un valor anterior",
    what: {
      "bootstrap-token": "Permite actualizar y borrar un Mac con chip de Apple sin ninguna persona.",
      "unlock-token": "Borra el código de un iPhone o iPad. El comando lo usa por sí mismo.",
      "filevault-key": "Abre el disco del Mac cuando se olvidó la contraseña.",
      "recovery-lock": "Permite arrancar el Mac en modo de recuperación.",
      "managed-admin": "Inicia sesión como el administrador que este servidor creó en el Mac.",
      "lock-pin": "Desbloquea el Mac que se bloqueó desde aquí.",
      "erase-pin": "Se pide después de borrar el Mac desde aquí.",
      "activation-lock-bypass":
        "Termina el Bloqueo de Activación: escríbalo como contraseña en el Asistente de Configuración.",
      "activation-lock-server": "Termina el Bloqueo de Activación que se puso por el portal de Apple.",
    },
    rotate: {
      "filevault-key": "Crear una clave nueva",
      "recovery-lock": "Poner una contraseña nueva",
      "managed-admin": "Poner una contraseña nueva",
    },
    rotateText: {
      "filevault-key":
        "El Mac crea otra clave de recuperación y la envía aquí. La actual vale hasta entonces. Las claves en papel ya no sirven después.",
      "recovery-lock":
        "El Mac recibe otra contraseña de recuperación. La actual vale hasta que el Mac la haya tomado.",
      "managed-admin":
        "La cuenta del administrador recibe otra contraseña. La actual vale hasta que el Mac la haya tomado.",
    },
    rotations: {
      due: "Se va a poner otro valor",
      under_way: "Se está poniendo otro valor",
      failed: "No se pudo poner otro valor",
    },
    hide: "Ocultar",
  },
  command: {
    origins: {
      server: "Este servidor",
      inventory: "Preguntas de este servidor",
      declarations: "Declaraciones",
      assignment: "Sus conjuntos",
      setup: "Configuración",
      rotation: "Cambio de un secreto",
    },
    open: "Abrir",
    payload: "Lo que recibió el dispositivo",
    answer: "Lo que respondió",
    noAnswer: "Aún no ha respondido",
    tooLong: "La respuesta era demasiado larga para guardarla",
    notKept: "El comando ya no se guarda",
    uuid: "Identificador",
    sent: "Tomado",
  },
  act: {
    wake: "Despertar",
    woken: "El dispositivo se despertó",
    shutDown: "Apagar",
    shutDownText:
      "El dispositivo se apaga enseguida. Nadie lo alcanza desde aquí hasta que alguien lo encienda a mano.",
    sound: "El dispositivo suena durante unos minutos, también si está en silencio.",
    locate: "El dispositivo dice dónde está. Su pantalla indica que se leyó su ubicación.",
    clearRestrictions: "Borrar el código de Tiempo de Uso",
    clearRestrictionsText:
      "Se eliminan el código de las restricciones y todas las restricciones puestas en el propio dispositivo.",
    unlockAccount: "Desbloquear una cuenta",
    unlockAccountText: "Una cuenta local bloqueada por demasiadas contraseñas falsas se puede usar de nuevo.",
    shortName: "Nombre corto de la cuenta",
    signIn: "Pedir que la persona inicie sesión de nuevo",
    signInText:
      "Se retira todo lo que recibió el dispositivo, y no se le atiende hasta que la persona inicie sesión de nuevo en él.",
    signInDone: "La persona debe iniciar sesión de nuevo",
    leave: "Terminar la gestión",
    leaveText:
      "El dispositivo elimina su perfil de gestión y todo lo que vino con él: perfiles, apps gestionadas y sus datos, cuentas de correo. Nadie puede gestionarlo desde aquí hasta que se inscriba de nuevo. Lo guardado para la recuperación se queda.",
    leaveDone: "El dispositivo debe salir la próxima vez que se conecte",
    forget: "Borrar la ficha",
    forgetText:
      "El dispositivo ya no está en la lista. Se borran sus comandos, etiquetas y notas. Lo guardado para la recuperación se queda, y se encuentra por el número de serie.",
    forgotten: "La ficha está borrada",
    confirmSame: "Es el mismo dispositivo",
    confirmSameText:
      "Los conjuntos, etiquetas y atributos de la inscripción anterior valen también para esta. Confírmelo solo si sabe que nadie inscribió otro dispositivo con este identificador.",
    confirmed: "El dispositivo tiene lo que se le dio antes",
    lockMac:
      "El Mac se reinicia enseguida y pide un código de seis cifras antes de poder usarse. Lo que no está guardado se pierde. El código se guarda en Recuperación; si lo omite, se crea uno.",
    lockPhone: "La pantalla se bloquea. Quien sabe el código puede desbloquearla.",
    eraseMac: "Después, un Mac más antiguo pide un código de seis cifras, que se guarda en Recuperación.",
    eraseAgain: "Se inscribe de nuevo automáticamente, si el portal de Apple aún lo da a este servidor.",
    eraseGone: "Sale de la gestión.",
    eraseLocked:
      "Su Bloqueo de Activación sigue puesto. Tenga a mano el código de omisión en Recuperación, o desactive antes Buscar.",
    offline: "Puede tardar: el dispositivo lo hace la próxima vez que se conecta.",
  },
};

export default words;
