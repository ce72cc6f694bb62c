// `npm run deploy --dry-run`, without the `--` before the flag, gives it to npm, and the script never sees it: it would
// do in earnest what was meant as a rehearsal. npm tells its children in their environment what it took.
import { Trouble } from "./trouble.ts";

/** Flags of a script that were given to npm instead; `names` as `--dry-run`. */
export function takenByNpm(
  names: readonly string[],
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): string[] {
  return names.filter((name) => {
    const value = environment[`npm_config_${name.slice(2).replaceAll("-", "_")}`];
    const isSet = value !== undefined && value !== "" && value !== "false";
    return isSet && !args.some((arg) => arg === name || arg.startsWith(`${name}=`));
  });
}

/** Says how to write it, rather than to go on without. */
export function refuseTakenByNpm(
  script: string,
  names: readonly string[],
  args: readonly string[] = process.argv.slice(2),
  environment: NodeJS.ProcessEnv = process.env,
): void {
  const taken = takenByNpm(names, args, environment);
  if (taken.length > 0) throw new Trouble(withoutDashes(script, taken));
}

export const withoutDashes = (script: string, taken: readonly string[]): string =>
  `npm took ${taken.join(" and ")} for itself, and ${script} would go on without: write -- before the flags of the script, as in ${script} -- ${taken[0]} …`;
