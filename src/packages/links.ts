import { readEnv } from "../env.ts";
import { masterKeys } from "../pki/master.ts";
import { fileLink, manifestLink } from "./link-addresses.ts";

type ManifestOf = { package: string; device: string; now: number; origin?: string };

/**
 * Where a device fetches the manifest of this package. Valid for 90 days at least, and the same for up to 90: make it
 * again now and then for what stays, such as a declaration. The device is asked about at the manifest, not here.
 *
 * `origin`: the address by which the device knows the server, else PUBLIC_URL. Throws NoPublicAddress if there is neither.
 */
export async function manifestAddress(env: Env, order: ManifestOf): Promise<string> {
  const { package: name, device, now, origin } = order;
  return addressOf(env, origin) + (await manifestLink(await masterKeys(env), { name, device, now }));
}

type FileOf = { file: string; fileName: string; device: string; now: number; origin: string };

export const fileAddress = async (env: Env, { origin, ...link }: FileOf): Promise<string> =>
  addressOf(env, origin) + (await fileLink(await masterKeys(env), link));

export class NoPublicAddress extends Error {
  override name = "NoPublicAddress";
  constructor() {
    super("PUBLIC_URL must be set before devices can be sent to packages");
  }
}

function addressOf(env: Env, origin: string | undefined): string {
  if (origin) return origin;
  const configuration = readEnv(env);
  const address = configuration.ok ? configuration.value.publicUrl : undefined;
  if (!address) throw new NoPublicAddress();
  return address;
}
