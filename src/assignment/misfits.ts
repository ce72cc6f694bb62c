import { whyNotFor } from "../apps/fit.ts";
import { appsOfSets } from "../db/app-platforms.ts";
import type { Db } from "../db/open.ts";
import type { Platform } from "../mdm/platform.ts";
import { platformsOfFile } from "../package-files/platforms.ts";

type Machine = { platform: Platform; productName?: string | undefined };

/** The apps of these sets that such devices do not get: in words, for each app and platform. */
export async function misfitsOn(
  db: Db,
  setNames: readonly string[],
  machines: readonly Machine[],
): Promise<{ app: string; detail: string }[]> {
  if (setNames.length === 0 || machines.length === 0) return [];
  const apps = await appsOfSets(db, setNames);
  return apps.flatMap(({ name, source, licensed, file }) =>
    machines.flatMap(({ platform, productName }) => {
      const platforms = file ? platformsOfFile(file) : (licensed ?? undefined);
      const why = whyNotFor({ source, platforms }, { platform, productName });
      return why === undefined ? [] : [{ app: name, detail: `${name} does not go to ${platform}: ${why}` }];
    }),
  );
}
