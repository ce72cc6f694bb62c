import { recoveryFile } from "./recovery.ts";

type Deployed = {
  origin: string;
  /** The address of its own that the Worker has been given, if any. */
  address: string | undefined;
  authority: string | undefined;
  /** Where this deployment's secrets are kept, if they are. */
  recovery: string | undefined;
};

/** What a person reads when the Worker is live: where it is, what to keep, and what to do next. */
export function deployed({ origin, address, authority, recovery }: Deployed): string {
  const token = !recovery
    ? "<your ADMIN_TOKEN>"
    : `$(sed -n 's/.*"ADMIN_TOKEN": "\\(.*\\)".*/\\1/p' '${recovery}')`;
  const next = [
    ...(address ? [] : [ownAddress]),
    `See what is ready and what is still missing
     curl -s ${origin}/readyz`,
    `Make an API token of your own; it is shown once
     curl -s ${origin}/api/v1/tokens -H "Authorization: Bearer ${token}" -H "Content-Type: application/json" -d '{"name":"me","role":"admin"}'`,
    `Read what the API can do
     ${origin}/api/docs`,
  ];
  const keep = `
  recovery      ${recovery}

Store a copy of ${recoveryFile} away from this machine, in a password manager or a safe. Cloudflare never
gives MASTER_KEY back, and without it nothing of this deployment can be restored.
`;
  return `
edgemdm is live at ${origin}
${authority ? `\n  authority     ${authority}` : ""}${recovery ? keep : ""}
Next:

${next.map((text, index) => `  ${index + 1}. ${text}`).join("\n\n")}
`;
}

// A device is told its server once; there is no moving it later without enrolling it again.
const ownAddress = `Give it an address of its own before the first device enrols: a device keeps its server's
     address for life. Write this to deployment.json, for a domain of your account, and deploy again:

       {"domain": "mdm.example.com"}`;

export const authorityByHand = (origin: string): string => `
ADMIN_TOKEN is not in ${recoveryFile}, so whether an authority issues could not be seen. If none does
(/readyz tells), make it:

     curl -s ${origin}/api/v1/authorities -H "Authorization: Bearer <your ADMIN_TOKEN>" -H "Content-Type: application/json" -d '{"if_none":true}'
`;
