// The arguments of `npm run deploy`.
import { parseArgs } from "node:util";
import { Trouble } from "../trouble.ts";

export type DeployOptions = {
  dryRun: boolean;
  newMasterKey: boolean;
  /** Where a database that must be made will live, as arguments of `wrangler d1 create`. */
  place: string[];
};

const locations = ["weur", "eeur", "wnam", "enam", "apac", "oc"];
const jurisdictions = ["eu", "fedramp", "us"];

export function readDeployOptions(args: readonly string[]): DeployOptions {
  const { location, jurisdiction, ...flags } = parse(args);
  mustBeOneOf("--location", location, locations);
  mustBeOneOf("--jurisdiction", jurisdiction, jurisdictions);
  if (location && jurisdiction) throw new Trouble("give --location or --jurisdiction, not both");
  return {
    dryRun: flags["dry-run"] ?? false,
    newMasterKey: flags["new-master-key"] ?? false,
    place: [
      ...(location ? ["--location", location] : []),
      ...(jurisdiction ? ["--jurisdiction", jurisdiction] : []),
    ],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        "dry-run": { type: "boolean" },
        "new-master-key": { type: "boolean" },
        location: { type: "string" },
        jurisdiction: { type: "string" },
      },
    }).values;
  } catch (error) {
    const known = "--dry-run, --location, --jurisdiction and --new-master-key";
    throw new Trouble(`${(error as Error).message.split(". ")[0]}; npm run deploy -- takes ${known}`);
  }
}

function mustBeOneOf(name: string, value: string | undefined, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return;
  throw new Trouble(`${name} is one of ${known.join(", ")}, not ${value}`);
}
