import type { Context } from "hono";
import { loadSettings } from "../../../admin/settings.ts";
import { loadEnrollmentSettings } from "../../../enrollment/enrollment-settings.ts";
import type { AppEnv } from "../../app-env.ts";
import { personPage, speakTo } from "../../sign-in/pages.ts";
import { beforeSignIn, type EnrolledAs } from "../../sign-in/privacy.ts";

/**
 * What a person reads before the first sign-in: the address that the device was told names how it would be enrolled. One
 * that must only sign in again comes without that, and is not held up. undefined: go on.
 */
export async function readFirst(c: Context<AppEnv>): Promise<Response | undefined> {
  const { kind, agreed } = c.req.query();
  if (agreed !== undefined || (kind !== "user" && kind !== "account_device")) return undefined;
  const now = Date.now();
  const { organization } = await loadSettings(c.env, now);
  const { mdm } = await loadEnrollmentSettings(c.env, now);
  const as: EnrolledAs =
    kind === "user" ? { kind } : { kind: "organization", accessRights: mdm.AccessRights };
  const next = new URL(c.req.url);
  next.searchParams.set("agreed", "1");
  const spoken = await speakTo(c);
  const content = beforeSignIn(organization, as, next.pathname + next.search, spoken);
  return personPage(c, spoken.words.code.title(organization), content, { language: spoken.language });
}
