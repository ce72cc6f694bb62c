// The options of a script: read, explained by `--help`, and refused in one sentence where they are not known.
import { parseArgs } from "node:util";
import { nearMiss } from "../src/catalog/near-miss.ts";
import { Trouble } from "./trouble.ts";

/** `takes` names the value, such as `N` or `FILE`; without it the option is a switch. */
export type Option = { help: string; takes?: string; otherwise?: string; many?: true };

type Options = Readonly<Record<string, Option>>;

type Values<Known extends Options> = {
  [Name in keyof Known]: Known[Name] extends { takes: string }
    ? Known[Name] extends { many: true }
      ? string[]
      : Known[Name] extends { otherwise: string }
        ? string
        : string | undefined
    : boolean;
};

export type Script<Known extends Options> = {
  /** As it is called: `npm run seed`. */
  name: string;
  /** What it does, in a sentence or two. */
  does: string;
  options: Known;
  /** Told below the options. */
  also?: string;
};

/** `--help` is answered here, and ends the script. */
export function readArguments<const Known extends Options>(
  script: Script<Known>,
  args: readonly string[] = process.argv.slice(2),
): Values<Known> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usageOf(script));
    process.exit(0);
  }
  const entries = Object.entries(script.options);
  let values: Record<string, unknown>;
  try {
    values = parseArgs({
      args: [...args],
      options: Object.fromEntries(
        entries.map(([name, { takes, many }]) => [
          name,
          { type: takes ? "string" : "boolean", multiple: many === true } as const,
        ]),
      ),
    }).values;
  } catch (fault) {
    throw new Trouble(whyNot(script, args, fault), { cause: fault });
  }
  return Object.fromEntries(
    entries.map(([name, option]) => [name, values[name] ?? absent(option)]),
  ) as Values<Known>;
}

function absent({ takes, many, otherwise }: Option): string | boolean | string[] | undefined {
  if (takes === undefined) return false;
  return many ? [] : otherwise;
}

/** A whole number from 1, or a sentence that says so. */
export function countOf(name: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new Trouble(`--${name} takes a whole number from 1, not ${text}`);
}

export function usageOf({ name, does, options, also }: Script<Options>): string {
  const lines = Object.entries(options).map(([option, { takes, help, otherwise }]): [string, string] => [
    `--${option}${takes ? ` ${takes}` : ""}`,
    otherwise === undefined ? help : `${help} (${otherwise} unless told)`,
  ]);
  const all: [string, string][] = [...lines, ["--help", "this page"]];
  const width = Math.max(...all.map(([option]) => option.length));
  return [
    `${name}${lines.length > 0 ? " -- [options]" : ""}\n\n${does}\n`,
    ...all.map(([option, help]) => `  ${option.padEnd(width)}  ${help}`),
    ...(also ? [`\n${also}`] : []),
  ].join("\n");
}

/** One sentence for what `parseArgs` refused. */
export function whyNot(
  { name, options }: Pick<Script<Options>, "name" | "options">,
  args: readonly string[],
  fault: unknown,
): string {
  const known = [...Object.keys(options).map((option) => `--${option}`), "--help"];
  const unknown = args
    .map((arg) => arg.split("=")[0] ?? arg)
    .find((arg) => arg.startsWith("-") && arg !== "--" && !known.includes(arg));
  if (unknown !== undefined) return unknownOption(name, unknown, known);
  const word = args.find((arg, at) => !arg.startsWith("-") && !takesValue(options, args[at - 1]));
  if (word !== undefined) return `${name} takes no ${word}: ${name} -- --help tells what it takes`;
  const said = fault instanceof Error ? (fault.message.split(". ")[0] ?? fault.message) : String(fault);
  return `${said}: ${name} -- --help tells more`;
}

const takesValue = (options: Options, before: string | undefined): boolean =>
  before !== undefined && options[before.replace(/^--/, "")]?.takes !== undefined;

export function unknownOption(name: string, option: string, known: readonly string[]): string {
  const meant = nearMiss(option, known);
  const hint = meant ? `did you mean ${meant}?` : `it takes ${known.join(", ")}`;
  return `${name} knows no option ${option}; ${hint}`;
}
