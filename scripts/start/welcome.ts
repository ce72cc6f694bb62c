import { relative } from "node:path";
import { type DevVars, shellValueOf } from "./dev-vars.ts";

type Welcome = {
  project: string;
  origin: string;
  state: string;
  varsFile: string;
  vars: DevVars;
  authority: string;
};

/** What a person reads when the Worker runs: where things are, and three commands to paste. */
export function welcome({ project, origin, state, varsFile, vars, authority }: Welcome): string {
  const bearer = `-H "Authorization: Bearer ${shellValueOf("ADMIN_TOKEN", varsFile)}"`;
  const json = `-H "Content-Type: application/json"`;
  const made = vars.made.length > 0 ? ` (made now: ${vars.made.join(" and ")})` : "";
  const near = relative(project, state);
  return `
edgemdm runs at ${origin}

  console       ${origin}/console/
  admin token   ADMIN_TOKEN in ${varsFile}${made}
  state         ${near.startsWith("..") ? state : near}
  authority     ${authority}

Next, in another terminal:

  1. See what is ready and what is still missing
     curl -s ${origin}/readyz

  2. Make an API token of your own; it is shown once
     curl -s ${origin}/api/v1/tokens ${bearer} ${json} -d '{"name":"me","role":"admin"}'

  3. Read what the API can do, or open ${origin}/api/docs in a browser
     curl -s ${origin}/api/openapi.json

Ctrl-C stops it; the state stays.
`;
}
