// What the public address answers from this machine, in words.
import { askFromOutside } from "../src/selftest/client.ts";
import { harmful } from "../src/selftest/judge.ts";

/** False: something keeps devices out. */
export async function tellFindings(origin: string): Promise<boolean> {
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
