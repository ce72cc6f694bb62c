// The arguments of `npm run deploy`.
import { parseArgs } from "node:util";
import { refuseTakenByNpm, takenByNpm } from "../npm-flags.ts";
import { Trouble } from "../trouble.ts";

export type DeployOptions = {
  dryRun: boolean;
  newMasterKey: boolean;
  /** A first deployment asks nobody. */
  yes: boolean;
  /** Where a database that must be made will live, as arguments of `wrangler d1 create`. */
  place: string[];
};

const locations = ["weur", "eeur", "wnam", "enam", "apac", "oc"];
const jurisdictions = ["eu", "fedramp", "us"];

export function readDeployOptions(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): DeployOptions {
  // Whoever rehearses must not deploy for the want of two dashes. `--yes` is npm's as well, and may lie in its settings.
  const isRehearsal = takenByNpm(["--dry-run"], args, environment).length > 0;
  refuseTakenByNpm("npm run deploy", ["--new-master-key", "--jurisdiction"], args, environment);
  const { location, jurisdiction, ...flags } = parse(args);
  mustBeOneOf("--location", location, locations);
  mustBeOneOf("--jurisdiction", jurisdiction, jurisdictions);
  if (location && jurisdiction) throw new Trouble("give --location or --jurisdiction, not both");
  return {
    dryRun: flags["dry-run"] ?? isRehearsal,
    yes: flags.yes ?? false,
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
        yes: { type: "boolean" },
        location: { type: "string" },
        jurisdiction: { type: "string" },
      },
    }).values;
  } catch (error) {
    const known = "--dry-run, --location, --jurisdiction, --new-master-key and --yes";
    throw new Trouble(`${(error as Error).message.split(". ")[0]}; npm run deploy -- takes ${known}`);
  }
}

function mustBeOneOf(name: string, value: string | undefined, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return;
  throw new Trouble(`${name} is one of ${known.join(", ")}, not ${value}`);
}
