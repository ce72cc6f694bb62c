// What a subcommand is: its words and options as people type them, explained from the same lines that read them.
import { parseArgs } from "node:util";
import type { Client } from "../../client/src/index.ts";
import { type Option, unknownOption } from "../arguments.ts";
import { Trouble } from "../trouble.ts";
import type { Screen } from "./screen.ts";
import type { Server } from "./server.ts";

export type Options = Readonly<Record<string, Option>>;

export type Given = {
  words: readonly string[];
  /** The value of an option that takes one, if it was given. */
  value: (name: string) => string | undefined;
  values: (name: string) => readonly string[];
  has: (name: string) => boolean;
};

export type Runtime = {
  readonly screen: Screen;
  /** Which server is meant. It is looked for when it is first read, so that `--help` and `login` work without one. */
  readonly server: Server;
  readonly api: Client;
};

export type Command = {
  /** What follows the name: `ID [key=value…]`. */
  words?: string;
  /** How many of them: at least, at most. */
  count?: readonly [number, number];
  options?: Options;
  /** Told below the options. */
  also?: string;
  /** A number is the exit code. */
  run: (given: Given, runtime: Runtime) => Promise<unknown>;
};

/** What every subcommand takes. */
export const common: Options = {
  json: { help: "print JSON, for programs" },
  url: { takes: "URL", help: "the server, in place of the one that `login` stored" },
};

export function readGiven(name: string, command: Command, args: readonly string[]): Given {
  const options: Options = { ...command.options, ...common };
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries(options).map(([option, { takes, many }]) => [
          option,
          { type: takes ? "string" : "boolean", multiple: many === true } as const,
        ]),
      ),
    }) as typeof parsed;
  } catch (fault) {
    throw new Trouble(whyNot(name, options, args, fault), { cause: fault });
  }
  const { values, positionals } = parsed;
  const [least, most] = command.count ?? [0, 0];
  if (positionals.length < least || positionals.length > most)
    throw new WrongCall(`${usageLine(name, command)}\nedgemdm ${name} --help tells more`);
  return {
    words: positionals,
    value: (option) => values[option] as string | undefined,
    values: (option) => (values[option] as string[] | undefined) ?? [],
    has: (option) => values[option] === true,
  };
}

/** A call that cannot be meant so: exit code 2. */
export class WrongCall extends Trouble {
  constructor(usage: string) {
    super(`usage: ${usage}`);
  }
}

const usageLine = (name: string, { words }: Command): string =>
  `edgemdm ${name}${words ? ` ${words}` : ""} [options]`;

/** The page of one subcommand. */
export function helpOf(name: string, summary: string, command: Command): string {
  const lines = Object.entries({ ...command.options, ...common }).map(
    ([option, { takes, help }]): [string, string] => [`--${option}${takes ? ` ${takes}` : ""}`, help],
  );
  const all: [string, string][] = [...lines, ["--help", "this page"]];
  const width = Math.max(...all.map(([option]) => option.length));
  return [
    `usage: ${usageLine(name, command)}\n\n${summary}\n`,
    ...all.map(([option, help]) => `  ${option.padEnd(width)}  ${help}`),
    ...(command.also ? [`\n${command.also}`] : []),
  ].join("\n");
}

function whyNot(name: string, options: Options, args: readonly string[], fault: unknown): string {
  const known = [...Object.keys(options).map((option) => `--${option}`), "--help"];
  const unknown = args
    .map((arg) => arg.split("=")[0] ?? arg)
    .find((arg) => arg.startsWith("-") && arg !== "--" && !known.includes(arg));
  if (unknown !== undefined) return unknownOption(`edgemdm ${name}`, unknown, known);
  const said = fault instanceof Error ? (fault.message.split(". ")[0] ?? fault.message) : String(fault);
  return `${said}: edgemdm ${name} --help tells more`;
}
