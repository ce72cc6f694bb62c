// From the words on the command line to a subcommand, and from its trouble to one sentence and an exit code.

import { Client } from "../../client/src/index.ts";
import { nearMiss } from "../../src/catalog/near-miss.ts";
import { causeOf, Trouble } from "../trouble.ts";
import { type Given, helpOf, type Runtime, readGiven, WrongCall } from "./command.ts";
import { commands } from "./names.ts";
import { refusalWords } from "./refusal-words.ts";
import { Screen } from "./screen.ts";
import { findServer, type Server } from "./server.ts";

/** Exit code 2 is a wrong call, 1 everything else that went wrong. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    console.log(await overview(rest));
    return 0;
  }
  const named = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (named === undefined) {
    const meant = nearMiss(name, Object.keys(commands));
    console.error(
      `edgemdm has no ${name}; ${meant ? `did you mean ${meant}?` : "edgemdm --help lists what it has"}`,
    );
    return 2;
  }
  const { command } = await named.load();
  if (rest.includes("--help") || rest.includes("-h")) {
    console.log(helpOf(name, named.summary, command));
    return 0;
  }
  try {
    const given = readGiven(name, command, rest);
    const code = await command.run(given, runtimeOf(given));
    return typeof code === "number" ? code : 0;
  } catch (fault) {
    if (isBrokenPipe(fault)) return 0;
    console.error(fault instanceof Trouble ? fault.message : (refusalWords(fault) ?? causeOf(fault)));
    return fault instanceof WrongCall ? 2 : 1;
  }
}

function runtimeOf(given: Given): Runtime {
  let server: Server | undefined;
  let api: Client | undefined;
  return {
    screen: new Screen(given.has("json")),
    get server() {
      server ??= findServer(given.value("url"));
      return server;
    },
    get api() {
      api ??= new Client(this.server);
      return api;
    },
  };
}

async function overview([name]: readonly string[]): Promise<string> {
  const one = name === undefined ? undefined : commands[name];
  if (name !== undefined && one !== undefined) return helpOf(name, one.summary, (await one.load()).command);
  const width = Math.max(...Object.keys(commands).map((known) => known.length));
  return [
    "edgemdm: manage Apple devices from the command line\n",
    ...Object.entries(commands).map(([known, { summary }]) => `  ${known.padEnd(width)}  ${summary}`),
    "\nedgemdm NAME --help tells more about each. The server is the one of EDGEMDM_URL and EDGEMDM_TOKEN, else the one that",
    "`edgemdm login` stored, else the one that `npm start` runs here.",
  ].join("\n");
}

const isBrokenPipe = (fault: unknown): boolean =>
  fault instanceof Error && "code" in fault && fault.code === "EPIPE";
