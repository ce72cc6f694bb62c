import { type Administrators, loadAdministrators } from "../../admin/sign-in/administrators.ts";
import { loadProvider, type Provider } from "../../sign-in/provider.ts";
import type { Known } from "../../sign-in/provider-store.ts";
import type { PurposeName } from "./purposes.ts";

/** Who vouches for the person: administrators have a provider of their own, which nobody else signs in by. */
export const sourceOf = (
  env: Env,
  purpose: PurposeName,
  now: number,
): Promise<Known<Provider | Administrators> | undefined> =>
  purpose === "administrator" ? loadAdministrators(env, now) : loadProvider(env, now);
