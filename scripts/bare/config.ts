// Configurations of workerd, in its own language (workerd.capnp).

export type WorkerPlan = {
  /** Its name, which is also its socket's. */
  name: string;
  /** Its one module, a file. */
  module: string;
  /** Bindings of its own objects: name to class. */
  objects?: Readonly<Record<string, string>>;
  /** Bindings of another Worker's objects. */
  objectsOf?: Readonly<Record<string, { service: string; object: string }>>;
  variables?: Readonly<Record<string, string>>;
  /** A D1 database under the name DB, which answers where the external service `database` is. */
  hasDatabase?: boolean;
};

/** Several Workers in one process, each behind a socket, with their objects on disk under `state`. Their modules lie beside the configuration, by their names. */
export function configOf(workers: readonly WorkerPlan[], state: string, compatibilityDate: string): string {
  const services = [
    ...workers.map(({ name }) => `(name = "${name}", worker = .${name})`),
    // Stand-ins for Apple's servers listen on this machine.
    '(name = "internet", network = (allow = ["public", "private"]))',
    `(name = "state", disk = (path = ${quoted(state)}, writable = true))`,
    ...(workers.some(({ hasDatabase }) => hasDatabase)
      ? ['(name = "database", external = (http = ()))']
      : []),
  ];
  const sockets = workers.map(({ name }) => `(name = "${name}", http = (), service = "${name}")`);
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = ${list(services)},
  sockets = ${list(sockets)},
);
${workers.map((worker) => workerOf(worker, compatibilityDate)).join("")}`;
}

function workerOf(plan: WorkerPlan, compatibilityDate: string): string {
  const { name, objects = {} } = plan;
  const classes = Object.values(objects).map(
    (object) => `(className = "${object}", uniqueKey = "${name}-${object}", enableSql = true)`,
  );
  return `
const ${name} :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed "${name}.js")],
  compatibilityDate = "${compatibilityDate}",
  bindings = ${list(bindingsOf(plan))},
  durableObjectNamespaces = ${list(classes)},
  durableObjectStorage = (localDisk = "state"),
);
`;
}

function bindingsOf({ objects = {}, objectsOf = {}, variables = {}, hasDatabase }: WorkerPlan): string[] {
  const database =
    'wrapped = (moduleName = "cloudflare-internal:d1-api", innerBindings = [(name = "fetcher", service = "database")])';
  return [
    ...Object.entries(objects).map(
      ([name, object]) => `(name = "${name}", durableObjectNamespace = "${object}")`,
    ),
    ...Object.entries(objectsOf).map(
      ([name, { service, object }]) =>
        `(name = "${name}", durableObjectNamespace = (className = "${object}", serviceName = "${service}"))`,
    ),
    ...Object.entries(variables).map(([name, value]) => `(name = "${name}", text = ${quoted(value)})`),
    ...(hasDatabase ? [`(name = "DB", ${database})`] : []),
  ];
}

const list = (entries: readonly string[]): string => `[\n    ${entries.join(",\n    ")}\n  ]`;

const quoted = (text: string): string => JSON.stringify(text);
