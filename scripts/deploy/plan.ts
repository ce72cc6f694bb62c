// What a deployment will do, decided from what is there. Pure: looking and doing are the caller's.

import { type SecretName, secretNames } from "../secrets.ts";
import { Trouble } from "../trouble.ts";
import { type Recovery, recoveryFile } from "./recovery.ts";

/** What Cloudflare has of us so far. */
export type Cloud = {
  databaseExists: boolean;
  /** Names of the Worker's secrets; undefined: there is no such Worker yet. */
  secrets: readonly string[] | undefined;
};

export type Situation = {
  worker: string;
  database: string;
  cloud: Cloud;
  recovery: Recovery | undefined;
  /** A build machine is thrown away, and what it keeps with it. */
  onBuildMachine: boolean;
  /** The administrator says that nothing sealed under an older MASTER_KEY is worth keeping. */
  newMasterKey: boolean;
};

export type Plan = {
  createDatabase: boolean;
  /** To be written down before anything is uploaded; undefined: the file already says it. */
  recovery: Recovery | undefined;
  /** Secrets the Worker lacks. */
  upload: Partial<Record<SecretName, string>>;
  /** Of these, the ones made now. */
  made: SecretName[];
  /** With which the Worker's API can be asked; undefined: only the administrator knows it. */
  adminToken: string | undefined;
  warnings: string[];
  /** There is nothing yet: a person who only tries the script may not know what it does. */
  isFirst: boolean;
  /** What was sealed under another key than the new one is given up. */
  givesUpOthers: boolean;
};

export function planDeployment(situation: Situation, makeSecret: (name: SecretName) => string): Plan {
  const { worker, cloud, recovery } = situation;
  if (recovery && recovery.worker !== worker) {
    throw new Trouble(
      `${recoveryFile} belongs to the Worker ${recovery.worker}, and this one is ${worker}: move the file to a safe place, then deploy again`,
    );
  }
  const lacking = secretNames.filter((name) => !cloud.secrets?.includes(name));
  const made = lacking.filter((name) => !recovery?.[name]);
  if (made.includes("MASTER_KEY")) mayMakeMasterKey(situation);

  const fresh = Object.fromEntries(made.map((name) => [name, makeSecret(name)]));
  const known: Recovery = { ...recovery, worker, ...fresh };
  return {
    createDatabase: !cloud.databaseExists,
    recovery: made.length > 0 ? known : undefined,
    upload: Object.fromEntries(lacking.map((name) => [name, known[name]])),
    made,
    adminToken: known.ADMIN_TOKEN,
    warnings: known.MASTER_KEY ? [] : [masterKeyUnknown(worker)],
    isFirst: cloud.secrets === undefined,
    givesUpOthers: made.includes("MASTER_KEY") && cloud.databaseExists,
  };
}

/** A new key is right for a new deployment; elsewhere it would make all that was sealed unreadable, for good. */
function mayMakeMasterKey({ worker, database, cloud, onBuildMachine, newMasterKey }: Situation): void {
  if (onBuildMachine) {
    throw new Trouble(
      `the Worker ${worker} has no MASTER_KEY, and one made on a build machine would be lost with it: deploy once from your own machine, or set it yourself with npx wrangler secret put MASTER_KEY`,
    );
  }
  if (cloud.databaseExists && !newMasterKey) {
    throw new Trouble(
      `the database ${database} exists, but neither the Worker ${worker} nor ${recoveryFile} has the MASTER_KEY that its secrets are sealed under: put the file back, or, if the database is new, deploy with npm run deploy -- --new-master-key`,
    );
  }
}

const masterKeyUnknown = (worker: string): string =>
  `${recoveryFile} is not here or lacks MASTER_KEY, and the Worker ${worker} does not give its own back. No new one was made: that would make the authority and all else that is sealed unreadable. Find the file and keep it safe; without it, losing the Cloudflare account is losing the fleet.`;
