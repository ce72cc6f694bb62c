// The arguments of `npm start`: the few that this script must know too. All others are wrangler's own.
import { createServer } from "node:net";
import { resolve } from "node:path";
import { unknownOption, usageOf } from "../arguments.ts";
import { errorCode, Trouble } from "../trouble.ts";

export type StartOptions = {
  port: number;
  ip: string | undefined;
  /** Where local state is kept; wrangler adds `v3` and a folder for each kind. */
  state: string;
  protocol: "http" | "https";
  /** Pushes go to the stand-in for Apple's service that `npm run simulate -- --apns` is. */
  apns: boolean;
  /** A stand-in for Apple's enrollment service runs beside the Worker. */
  apple: boolean;
  /** Attestations of simulated devices are accepted: the test root is in the repository. */
  acme: boolean;
  /** Variables given as `--var NAME:value`. */
  variables: Record<string, string>;
  /** Everything else, for wrangler. */
  rest: string[];
};

const script = {
  name: "npm start",
  does: "A working edgemdm on this machine. The first start makes secrets, database and authority; a later one keeps them.",
  options: {
    port: { takes: "N", help: "where it listens; 0: any free port", otherwise: "8787" },
    ip: { takes: "ADDRESS", help: "the address it listens on; 0.0.0.0: also for others in your network" },
    "local-protocol": { takes: "https", help: "https, with a certificate made up for it", otherwise: "http" },
    "persist-to": { takes: "FOLDER", help: "where its state is kept", otherwise: ".wrangler/state" },
    apns: { help: "pushes go to the stand-in that npm run simulate -- --apns is" },
    apple: { help: "a stand-in for Apple's enrollment service and its portal runs beside it" },
    var: { takes: "NAME:VALUE", help: "a variable of the Worker (docs/configuration.md)" },
  },
  also: "Options of `wrangler dev` are handed on to it: --log-level, --inspector-port, --https-key-path, --https-cert-path, --test-scheduled.",
} as const;

/** What of wrangler's makes sense here. */
const wranglers = [
  "--log-level",
  "--inspector-port",
  "--https-key-path",
  "--https-cert-path",
  "--test-scheduled",
  "--local-upstream",
  "--upstream-protocol",
  "--host",
  "--env",
  "--config",
  "--define",
];

export function readStartOptions(args: readonly string[], project: string): StartOptions {
  const options: StartOptions = {
    port: 8787,
    ip: undefined,
    state: resolve(project, ".wrangler/state"),
    protocol: "http",
    apns: false,
    apple: false,
    acme: false,
    variables: {},
    rest: [],
  };
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usageOf(script));
    process.exit(0);
  }
  const left = args.flatMap((arg) => (/^--[a-z-]+=/.test(arg) ? splitOnce(arg, "=") : [arg]));
  while (left.length > 0) {
    const name = left.shift() ?? "";
    if (name === "--port") options.port = portNumber(takeValue(name, left));
    else if (name === "--ip") options.ip = takeValue(name, left);
    else if (name === "--persist-to") options.state = resolve(takeValue(name, left));
    else if (name === "--local-protocol") options.protocol = protocol(takeValue(name, left));
    else if (name === "--apns") options.apns = true;
    else if (name === "--apple") options.apple = true;
    else if (name === "--acme") options.acme = true;
    else if (name === "--var") readVariables(left, options.variables);
    else {
      if (name.startsWith("-") && !wranglers.includes(name)) throw new Trouble(unknown(name));
      options.rest.push(name);
    }
  }
  return options;
}

const unknown = (name: string): string =>
  unknownOption(script.name, name, [
    ...Object.keys(script.options).map((option) => `--${option}`),
    "--help",
    ...wranglers,
  ]);

/** The port to listen on: the one asked for if it is free, any free one for 0. */
export function freePort({ port, ip }: Pick<StartOptions, "port" | "ip">): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", (error) => fail(new Trouble(portTrouble(error, port, ip), { cause: error })));
    probe.listen(port, ip ?? "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => done(address && typeof address === "object" ? address.port : port));
    });
  });
}

/** The address people and devices use on this machine. */
export function originOf({ ip, protocol, port }: Pick<StartOptions, "ip" | "protocol" | "port">): string {
  const everywhere = ip === undefined || ["0.0.0.0", "::", "*", "127.0.0.1", "::1"].includes(ip);
  const host = everywhere ? "localhost" : ip.includes(":") ? `[${ip}]` : ip;
  return `${protocol}://${host}:${port}`;
}

function portTrouble(error: Error, port: number, ip: string | undefined): string {
  const instead = `start on another one, for example: npm start -- --port ${port >= 9000 ? 8787 : 9000}`;
  switch (errorCode(error)) {
    case "EADDRINUSE":
      return `port ${port} is taken by another program: stop it, or ${instead}`;
    case "EACCES":
      return `this user may not listen on port ${port}: ${instead}`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `this machine has no address ${ip}: give --ip one of its own, or leave it out`;
    default:
      return `cannot listen on port ${port}: ${error.message}`;
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new Trouble(`--port takes a number from 0 to 65535, not ${text}`);
}

function protocol(text: string): "http" | "https" {
  if (text === "http" || text === "https") return text;
  throw new Trouble(`--local-protocol is http or https, not ${text}`);
}

function takeValue(name: string, left: string[]): string {
  const value = left.shift();
  if (value === undefined || value.startsWith("--")) throw new Trouble(`${name} needs a value after it`);
  return value;
}

// `--var` takes every word up to the next option.
function readVariables(left: string[], variables: Record<string, string>): void {
  do {
    const [name = "", value = ""] = splitOnce(takeValue("--var", left), ":");
    variables[name] = value;
  } while (left[0] !== undefined && !left[0].startsWith("-"));
}

function splitOnce(text: string, at: string): string[] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
