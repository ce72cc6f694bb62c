import type { Facts, Wording } from "./words/wording.ts";

/**
 * Every possible problem: its title, its meaning, and what to do, in English. Events and webhooks speak English only; for
 * people there are other languages in `words/`.
 */

const ends = ({ ends_on, days_left }: Facts): string =>
  Number(days_left) < 0 ? `ended on ${ends_on}` : `ends on ${ends_on}`;
const devicesDo = (count: string | number | null | undefined, one: string, many: string): string =>
  Number(count) === 1 ? `1 device ${one}` : `${count} devices ${many}`;
const withAccount = ({ account }: Facts): string =>
  account ? `the Apple Account ${account}` : "the Apple Account that made it";

export const codes = {
  "devices-kept-out": {
    title: ({ address }) => `Something in front of ${address} answers devices in place of this server`,
    means: "Devices cannot pass challenges, log-ins and redirects: they are silent, and nothing else tells.",
    todo: ({ request, detail, remedy }) => `${request}: ${detail}. To do: ${remedy}.`,
  },
  "push-certificate-ends": {
    title: (facts) => `The push certificate of ${facts.topic} ${ends(facts)}`,
    means:
      "Without a valid push certificate no device is woken: commands wait until devices connect by themselves.",
    todo: (facts) =>
      `Renew it at https://identity.apple.com/pushcert with ${withAccount(facts)}, with Renew and not with Create, and upload it to /api/v1/push-certificates.`,
  },
  "push-certificate-missing": {
    title: () => "There is no push certificate",
    means: "No device is woken: commands wait until devices connect by themselves.",
    todo: () => "Follow docs/push.md to get one from Apple.",
  },
  "push-certificate-refused": {
    title: ({ topic }) => `Apple refuses the push certificate of ${topic}`,
    means: "No device with this topic is woken.",
    todo: (facts) => `Apple says: ${facts.reason}. Renew the certificate with ${withAccount(facts)}.`,
  },
  "push-certificate-other-topic": {
    title: ({ topic, other }) => `${other} was uploaded shortly before the end of ${topic}`,
    means:
      "It looks like a renewal with the wrong Apple Account, or with Create. Devices listen only to their own topic; those of the old topic would have to enroll again.",
    todo: (facts) => `Renew ${facts.topic} with ${withAccount(facts)}, with Renew.`,
  },
  "push-certificate-account-unknown": {
    title: ({ topic }) => `The Apple Account of the push certificate of ${topic} is not recorded`,
    means: "Only that account can renew it next year. Without it all devices would have to enroll again.",
    todo: ({ id }) => `PATCH /api/v1/push-certificates/${id} with the account.`,
  },
  "ade-token-ends": {
    title: (facts) => `The token of the ADE account ${facts.account} ${ends(facts)}`,
    means:
      "Without it new devices of Apple Business or Apple School Manager are not known here, and get no profile. Enrolled ones stay enrolled.",
    todo: ({ account, admin }) =>
      `Make a certificate (POST /api/v1/ade/accounts/${account}/certificate), upload it at Apple for the same server${admin ? `, as ${admin} did before` : ""}, download the token, and upload it to /api/v1/ade/accounts/${account}/token.`,
  },
  "ade-account-stopped": {
    title: ({ account, organization }) =>
      `Apple does not serve the ADE account ${account}${organization ? ` of ${organization}` : ""}`,
    means: "New devices are not known here, and get no profile. Enrolled ones stay enrolled.",
    todo: ({ remedy, detail }) => `${remedy} (${detail})`,
  },
  "api-account-stopped": {
    title: ({ account }) => `Apple does not serve the API account ${account}`,
    means:
      "Orders and AppleCare are not read, and no device can be moved from here. Enrollment goes on: it has a token of its own.",
    todo: ({ remedy, detail }) => `${remedy} (${detail})`,
  },
  "content-token-ends": {
    title: (facts) => `The content token of the location ${facts.location} ${ends(facts)}`,
    means: "Without it no licence is given or taken back. Apps that are installed go on working.",
    todo: ({ location, name }) =>
      `Download a new content token for ${name} in Apple's portal (Apps and Books), and upload it: PUT /api/v1/apps-and-books/locations/${location}/token.`,
  },
  "content-location-stopped": {
    title: ({ location }) => `Apple does not serve the location ${location} of Apps and Books`,
    means: "No licence is given or taken back. Apps that are installed go on working.",
    todo: ({ location, detail }) =>
      `Check the content token in Apple's portal, and upload a new one if it needs one: PUT /api/v1/apps-and-books/locations/${location}/token. (${detail})`,
  },
  "content-location-taken": {
    title: ({ location, by }) => `${by} manages the location ${location} of Apps and Books now`,
    means: "This server writes nothing there: two servers would take licences from each other.",
    todo: ({ location, metadata }) =>
      `Remove the token from the other server (${metadata}) and take the location over: POST /api/v1/apps-and-books/locations/${location}/take-over. Or delete the location here.`,
  },
  "licences-missing": {
    title: ({ count, app, location }) =>
      `${Number(count) === 1 ? "1 licence is" : `${count} licences are`} missing for ${app} in ${location}`,
    means: "Devices or people that should have the app wait for a licence.",
    todo: () =>
      "Buy more in Apple's portal, also when the app is free, or free some here. It goes on by itself as soon as there are some.",
  },
  "licence-counts-differ": {
    title: ({ app, location, assigned, held }) =>
      `Apple counts ${assigned} licences of ${app} in ${location} as taken, and lists ${held}`,
    means:
      "Counts and list have contradicted each other for more than a day, although both were read again. Nothing was taken from anybody.",
    todo: ({ location }) =>
      `Compare with Apple's portal (Apps and Books). POST /api/v1/apps-and-books/locations/${location}/sync reads everything again. If they still differ, ask Apple's support: only Apple can correct its counts.`,
  },
  "migrations-not-ready": {
    title: ({ account, count, deadline }) =>
      `${devicesDo(count, "is", "are")} not ready to move to ${account}; the first deadline is ${deadline}`,
    means:
      "Apple moves devices at their deadline, ready or not: they may lose managed apps and data, or end without management.",
    todo: ({ account, device, missing }) =>
      `The first is ${device}: ${missing}. All of them: GET /api/v1/ade/migrations?account=${account}&arrived=false`,
  },
  "rollout-halted": {
    title: ({ subject }) => `The rollout of ${subject} has halted`,
    means:
      "Devices in its open rings have the change; the others keep what they had, until a person decides.",
    todo: ({ id, reason }) =>
      `${reason}. GET /api/v1/rollouts/${id} has the numbers; POST to its /resume, /cancel or /finish.`,
  },
  "authority-ends": {
    title: (facts) => `The authority ${facts.subject} ${ends(facts)}`,
    means: "Identities that it issued are not accepted after its end.",
    todo: () =>
      "Make a new authority and let it issue (docs/identities.md), early enough for all identities to be renewed under it.",
  },
  "authority-missing": {
    title: () => "No authority issues identities",
    means: "No device can enroll, and none can renew its identity.",
    todo: () => "Make one: POST /api/v1/authorities.",
  },
  "identities-not-renewed": {
    title: ({ count }) => devicesDo(count, "does not renew its identity", "do not renew their identities"),
    means:
      "Their renewal is overdue. After the end of its identity and the days of grace, a device must be enrolled again by hand.",
    todo: ({ first_ends_on, device }) =>
      `Look at the device ${device}, whose identity ends first (${first_ends_on}): is it on, and does it accept commands?`,
  },
  "identities-ended": {
    title: ({ count }) => devicesDo(count, "has an expired identity", "have expired identities"),
    means: "In the days of grace they may still renew; after that they must enroll again.",
    todo: ({ device, grace_days }) =>
      `Get them online within ${grace_days} days after their end (setting identity_grace_days), for example ${device}.`,
  },
  "provisioning-profile-ends": {
    title: (facts) => `The provisioning profile ${facts.name} ${ends(facts)}`,
    means: "After its end the apps that are signed with it do not start any more.",
    todo: () => "Make a new one in Apple's developer portal and upload it to /api/v1/provisioning-profiles.",
  },
  "signing-certificate-ends": {
    title: (facts) => `The certificate ${facts.subject}, which signs profiles, ${ends(facts)}`,
    means: "After its end the issuing authority signs profiles, which devices do not show as verified.",
    todo: () => "Upload a new one to /api/v1/signing-certificates.",
  },
  "webhook-paused": {
    title: ({ name }) => `The webhook ${name} has paused`,
    means: "It gets no events. Events since then are kept as long as the setting events_days says.",
    todo: ({ reason, id }) =>
      `It paused because ${reason}. Repair the receiver, then PATCH /api/v1/webhooks/${id} with {"state":"active"}.`,
  },
  "webhook-failing": {
    title: ({ name, since }) => `The webhook ${name} has failed since ${since}`,
    means: "Messages wait and none is lost; after five days it pauses.",
    todo: ({ fault, id }) => `The last attempt: ${fault}. Try it with POST /api/v1/webhooks/${id}/ping.`,
  },
  "webhook-dead-letters": {
    title: ({ name, count }) =>
      `The webhook ${name} refused ${Number(count) === 1 ? "one message" : `${count} messages`}`,
    means: "They were tried for three days and given up. Later messages were sent.",
    todo: ({ id }) =>
      `See GET /api/v1/webhooks/${id}/dead-letters, and send them again with POST …/dead-letters/replay.`,
  },
  "queues-stuck": {
    title: ({ count, days }) =>
      `${devicesDo(count, "connects but leaves", "connect but leave")} commands waiting for more than ${days} days`,
    means: "These devices connect, but they do not carry out their commands.",
    todo: ({ device, request_type }) =>
      `Look at the commands of ${device}, where a ${request_type} waits: devices postpone commands that need a person.`,
  },
  "devices-silent": {
    title: ({ count, days }) => `${devicesDo(count, "was", "were")} not seen for more than ${days} days`,
    means: "They are off, lost, or cannot reach this server; no change reaches them.",
    todo: () => "List them: GET /api/v1/devices?state=enrolled&seen_before=…",
  },
  "escrow-missing-bootstrap-token": {
    title: ({ count }) =>
      `${Number(count) === 1 ? "One Mac has" : `${count} Macs have`} no bootstrap token in escrow`,
    means: "Without it software updates and extensions on Apple silicon need a person with a password.",
    todo: ({ device }) =>
      `An administrator with a secure token signs in on the Mac (such as ${device}) once, or runs \`sudo profiles install -type bootstraptoken\`.`,
  },
  "escrow-missing-filevault-key": {
    title: ({ count }) =>
      `${Number(count) === 1 ? "One Mac is" : `${count} Macs are`} encrypted, but no recovery key is in escrow`,
    means: "If the password is forgotten, the data on the disk is lost.",
    todo: ({ device }) =>
      `Give them the escrow profile and rotate the key (docs/commands.md), for example ${device}.`,
  },
  "escrow-missing-recovery-lock": {
    title: ({ count }) =>
      `${Number(count) === 1 ? "One Mac has" : `${count} Macs have`} a recovery lock whose password is not in escrow`,
    means: "Nobody can start its recovery system, and nobody can change the password without knowing it.",
    todo: ({ device }) =>
      `Who set it must remove it on the Mac (such as ${device}); then set one with SetRecoveryLock, which is escrowed (docs/commands.md).`,
  },
  "attestations-failed": {
    title: ({ count }) =>
      devicesDo(count, "answers without a good attestation", "answer without good attestations"),
    means: "Apple does not confirm, or confirms something else, than what they say they are.",
    todo: ({ device }) =>
      `See attestation in GET /api/v1/devices/${device}: it has the reason. A device that is offered for another one must be looked at by a person (docs/attestation.md).`,
  },
  "profile-failed": {
    title: ({ identifier, count }) =>
      `${devicesDo(count, "has", "have")} not installed the profile ${identifier}`,
    means: "Its settings are not in force there.",
    todo: ({ identifier }) => `See why: GET /api/v1/profiles/${identifier}/devices?state=failed`,
  },
  "declaration-failed": {
    title: ({ identifier, count }) =>
      `On ${devicesDo(count, "", "").trim()} the declaration ${identifier} is invalid`,
    means: "Its settings are not in force there.",
    todo: ({ identifier }) => `See why: GET /api/v1/declarations/${identifier}/status`,
  },
  "app-given-up": {
    title: ({ app, count }) => `The app ${app} has failed for good on ${devicesDo(count, "", "").trim()}`,
    means: "It was tried several times, and is tried again only after something changes.",
    todo: ({ app }) =>
      `See why: GET /api/v1/apps/${app}/devices?state=failed. Mend the reason, and save the app with the change.`,
  },
  "app-bundle-id-differs": {
    title: ({ app, expected, told, count }) =>
      `${devicesDo(count, "says", "say")} that the app ${app} is ${told}; the store says ${expected}`,
    means:
      "This server goes by what devices say. A profile that names the app by the store's bundle id means another one.",
    todo: ({ app, told }) =>
      `Check the App Store id: GET /api/v1/apps/${app}. If it is the right app, write ${told} where you name it by its bundle id. The store is asked again every day.`,
  },
  "updates-overdue": {
    title: ({ policy, count }) => `${devicesDo(count, "is", "are")} overdue by the update policy ${policy}`,
    means: "The deadline has passed and they still run an older system.",
    todo: ({ policy }) => `See their state: GET /api/v1/software-updates/policies/${policy}/progress`,
  },
  "apple-list-stale": {
    title: ({ last }) =>
      last ? `Apple's list of systems was last read on ${last}` : "Apple's list of systems was never read",
    means:
      "Systems that came out since are not known: policies that follow the latest stay with the one before.",
    todo: ({ trouble }) =>
      `${trouble ? `The last attempt: ${trouble}. ` : ""}Start the job apple-systems again (docs/declarations.md), or tell of releases yourself.`,
  },
  "platform-limit": {
    title: ({ percent }) => `The database is filled to ${percent} % or more`,
    means:
      "When it is full, nothing new is stored: lists stay behind, and commands and settings are refused.",
    todo: ({ used, limit }) =>
      `It has ${used} of ${limit} (setting platform_database_mb). Lower events_days and audit_days, delete devices that have left, or move to a larger plan.`,
  },
  "daily-limit": {
    title: ({ what, percent, day }) => `${what}: ${percent} % or more of the daily limit were used on ${day}`,
    means:
      "At the limit of the Free plan Cloudflare refuses everything until midnight UTC. Devices come back by themselves, but nothing reaches them until then.",
    todo: ({ used, limit }) =>
      `The account used ${used} of ${limit}. Move to Workers Paid, which has no daily limits, or find out what asks so often (docs/cost.md).`,
  },
  "daily-use-not-read": {
    title: () => "Cloudflare does not say what the account uses",
    means: "Nobody is told when a daily limit is near.",
    todo: ({ trouble }) =>
      `The last attempt: ${trouble}. Check the settings cloudflare_account_id and cloudflare_api_token (docs/cost.md), or set them to null.`,
  },
  "newer-release": {
    title: ({ newest }) => `Release ${newest} is out`,
    means: "It may have repairs that this deployment lacks.",
    todo: ({ version: own }) =>
      `This is ${own}. Read its changelog, then: npm run upgrade (docs/upgrade.md).`,
  },
  "mail-not-sent": {
    title: ({ to }) => `Mail does not reach ${to}`,
    means:
      "Messages about problems are sent to the addresses of the setting mail_to, and these do not get them.",
    todo: ({ trouble }) =>
      `The last attempt: ${trouble}. See docs/mail.md, and try it with POST /api/v1/mail/test; or empty mail_to.`,
  },
  "backup-old": {
    title: ({ last }) => (last ? `The last backup was made on ${last}` : "No backup was ever made"),
    means: "If the Cloudflare account is lost, all changes since then are lost.",
    todo: () => "Run npm run backup, and keep the file outside Cloudflare (docs/backup.md).",
  },
  "unsafe-setting": {
    title: ({ what }) => String(what),
    means: "It is allowed, but less safe than possible.",
    todo: ({ remedy }) => String(remedy),
  },
} as const satisfies Record<string, Wording>;

export type ProblemCode = keyof typeof codes;

/** All of them in one language. */
export type ProblemWords = { readonly [Code in ProblemCode]: Wording };

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(codes, code);
