import { ok, type Result, refuse } from "../../base/result.ts";
import type { PlistDict } from "../../plist/value.ts";
import type { CompletionRefusal, SharedCompleter } from "./completer.ts";

/** `password` is our key: the device gets Apple's `passwordHash` made from it instead. */
export const setAutoAdminPassword: SharedCompleter = (payload, env) => withHash(payload, env, "");

export const accountConfiguration: SharedCompleter = async (payload, env) => {
  const accounts = payload.get("AutoSetupAdminAccounts");
  if (!Array.isArray(accounts)) return ok(payload);
  const hashed: typeof accounts = [];
  for (const [at, account] of accounts.entries()) {
    if (!(account instanceof Map)) hashed.push(account);
    else {
      const made = await withHash(account, env, `AutoSetupAdminAccounts/${at}/`);
      if (!made.ok) return made;
      hashed.push(made.value);
    }
  }
  return ok(new Map([...payload, ["AutoSetupAdminAccounts", hashed]]));
};

async function withHash(
  dict: PlistDict,
  env: Env,
  place: string,
): Promise<Result<PlistDict, CompletionRefusal>> {
  const { password, passwordHash } = Object.fromEntries(dict);
  if (password === undefined) return ok(dict);
  const wrong = (detail: string) =>
    refuse({ reason: "cannot-complete" as const, key: `${place}password`, detail });
  if (passwordHash !== undefined)
    return wrong("cannot be used together with passwordHash; give only one of them");
  if (typeof password !== "string" || password === "") return wrong("must be a text that is not empty");
  const rest = new Map([...dict].filter(([key]) => key !== "password"));
  const hash = await env.REGISTRAR.getByName("registrar").hashAccountPassword(password);
  return ok(rest.set("passwordHash", hash));
}
