// What the public address answers from this machine, in words.
import { askFromOutside } from "../src/selftest/client.ts";
import { harmful } from "../src/selftest/judge.ts";
import { request } from "./request.ts";

/** False: something keeps devices out. */
export async function tellFindings(origin: string): Promise<boolean> {
  await tellOfConsole(origin);
  const findings = await askFromOutside(origin);
  const bad = harmful(findings);
  if (bad.length === 0) {
    console.log(`  from outside ${origin} answers devices itself`);
    return true;
  }
  console.warn(`\nWARNING: devices do not reach ${origin} as they should:`);
  for (const { request, detail } of bad) console.warn(`  ${request}: ${detail}`);
  for (const remedy of new Set(bad.map(({ remedy }) => remedy))) console.warn(`  To do: ${remedy}.`);
  return false;
}

/** The asset layer answers below /console; if the Worker does, there are no files of the console. Somebody in front may as well. */
async function tellOfConsole(origin: string): Promise<void> {
  const answer = await request(`${origin}/console/`).catch(() => undefined);
  if (answer?.status === 404)
    console.warn(
      `\nWARNING: ${origin}/console/ is not there: the console was not built or not uploaded. To do: npm run deploy builds and uploads it.`,
    );
}
