import type { Context } from "hono";
import { loadSettings } from "../../admin/settings.ts";
import { masterKeys } from "../../pki/master.ts";
import { browserSecret, newFlow, sealFlow } from "../../sign-in/flow.ts";
import { authorizationUrl } from "../../sign-in/oidc.ts";
import type { Prompt } from "../../sign-in/provider-store.ts";
import type { AppEnv } from "../app-env.ts";
import { publicOrigin } from "../origin.ts";
import { giveCookie, readCookie } from "./cookies.ts";
import { apologize, codePage, personPage, speakTo } from "./pages.ts";
import { isInSetup, type PurposeName, purposes } from "./purposes.ts";
import { sourceOf } from "./source.ts";

/** Where the provider sends people back to: to be registered there. */
export const callbackPath = "/sign-in/callback";
export const redirectUri = (c: Context): string => publicOrigin(c) + callbackPath;

/** Where the provider says that it signed somebody out: to be registered there, too. */
export const backchannelLogoutPath = "/sign-in/backchannel-logout";

/** Each is covered by an Access application of its own. */
export const accessPaths = { people: "/sign-in/access", administrators: "/sign-in/admin/access" } as const;

const groupOf = (purpose: PurposeName) => (purpose === "administrator" ? "administrators" : "people");

const noAdministrators = {
  reason: "administrators-not-set",
  detail: "no provider is set for administrators",
} as const;

export type SignInOrder = {
  purpose: PurposeName;
  /** At most 1500 characters, which come back with the person. They travel sealed. */
  resume: string;
  /** Who it probably is: fills in the provider's form. */
  hint?: string | undefined;
  /** Another than the settings say, such as when the person chose the wrong account before. */
  prompt?: Prompt | undefined;
};

/**
 * Sends a person to sign in: to the provider, through Cloudflare Access, or to the page that asks for an invitation's
 * code. Who is told of the person afterwards stands in `purposes.ts`.
 */
export async function beginSignIn(
  c: Context<AppEnv>,
  { purpose, resume, hint, prompt }: SignInOrder,
): Promise<Response> {
  const now = Date.now();
  const known = await sourceOf(c.env, purpose, now);
  const browser = isInSetup(purpose) ? undefined : browserSecret(readCookie(c, "browser"));
  const flow = await newFlow({ purpose, resume }, browser, now);
  const state = await sealFlow(await masterKeys(c.env), flow);
  if (browser !== undefined) giveCookie(c, "browser", browser);
  c.header("Cache-Control", "no-store");
  const provider = known?.provider;
  if (provider === undefined)
    return purpose === "administrator" ? apologize(c, noAdministrators) : askForCode(c, purpose, state);
  if (provider.kind === "access") return c.redirect(`${accessPaths[groupOf(purpose)]}?state=${state}`);
  const asked = prompt === undefined ? provider : { ...provider, prompt };
  const url = await authorizationUrl(asked, flow, { state, redirectUri: redirectUri(c), hint }, now);
  return url.ok ? c.redirect(url.value) : apologize(c, url.refusal, state);
}

/** `wrong`: what was entered is no code that is good now. */
export async function askForCode(
  c: Context<AppEnv>,
  purpose: PurposeName,
  state: string,
  wrong = false,
): Promise<Response> {
  const { organization } = await loadSettings(c.env, Date.now());
  c.status(wrong ? 403 : 200);
  const forms = `'self' ${purposes[purpose].forms}`;
  const { words, language } = await speakTo(c);
  const content = codePage(words, { organization, state, wrong });
  return personPage(c, words.code.title(organization), content, { forms, language });
}
