// The arguments of `npm run deploy`.
import { readArguments } from "../arguments.ts";
import { refuseTakenByNpm, takenByNpm } from "../npm-flags.ts";
import { Trouble } from "../trouble.ts";
import type { Deployment } from "./deployment-file.ts";

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
  /** What deployment.json says, unless an option says otherwise. */
  otherwise: Pick<Deployment, "location" | "jurisdiction"> = {},
): DeployOptions {
  // A rehearsal must not deploy because two dashes are missing. `--yes` is also a flag of npm and may be in its settings.
  const isRehearsal = takenByNpm(["--dry-run"], args, environment).length > 0;
  refuseTakenByNpm("npm run deploy", ["--new-master-key", "--jurisdiction"], args, environment);
  const { location: givenLocation, jurisdiction: givenJurisdiction, ...flags } = parse(args);
  const isGiven = givenLocation !== undefined || givenJurisdiction !== undefined;
  const location = isGiven ? givenLocation : otherwise.location;
  const jurisdiction = isGiven ? givenJurisdiction : otherwise.jurisdiction;
  mustBeOneOf("--location", location, locations);
  mustBeOneOf("--jurisdiction", jurisdiction, jurisdictions);
  if (location && jurisdiction) throw new Trouble("give --location or --jurisdiction, not both");
  return {
    dryRun: flags["dry-run"] || isRehearsal,
    yes: flags.yes,
    newMasterKey: flags["new-master-key"],
    place: [
      ...(location ? ["--location", location] : []),
      ...(jurisdiction ? ["--jurisdiction", jurisdiction] : []),
    ],
  };
}

const parse = (args: readonly string[]) =>
  readArguments(
    {
      name: "npm run deploy",
      does: "edgemdm in your Cloudflare account: database, schema, secrets and Worker. Deploying again finishes what stopped.",
      options: {
        "dry-run": { help: "say what would be done, and do nothing" },
        yes: { help: "a first deployment asks nobody" },
        location: { takes: "WHERE", help: `where a new database lives: ${locations.join(", ")}` },
        jurisdiction: { takes: "WHERE", help: `by whose law it lives: ${jurisdictions.join(", ")}` },
        "new-master-key": { help: "give up what lies under the lost key, and begin with a new one" },
      },
    },
    args,
  );

function mustBeOneOf(name: string, value: string | undefined, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return;
  throw new Trouble(`${name} is one of ${known.join(", ")}, not ${value}`);
}
