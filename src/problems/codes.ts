/**
 * Every problem there can be: what it is called in one sentence, what it means, and what to do. The one source for the
 * API, events, webhooks and the calendar.
 */
type Wording = {
  title: (facts: Facts) => string;
  means: string;
  todo: (facts: Facts) => string;
};

const ends = ({ ends_on, days_left }: Facts): string =>
  Number(days_left) < 0 ? `ended on ${ends_on}` : `ends on ${ends_on}`;
const devicesDo = (count: string | number | null | undefined, one: string, many: string): string =>
  Number(count) === 1 ? `1 device ${one}` : `${count} devices ${many}`;
const withAccount = ({ account }: Facts): string =>
  account ? `the Apple Account ${account}` : "the Apple Account that made it";

export const codes = {
  "push-certificate-ends": {
    title: (facts) => `The push certificate of ${facts.topic} ${ends(facts)}`,
    means:
      "Without a valid push certificate no device is woken: commands wait until devices connect by themselves.",
    todo: (facts) =>
      `Renew it at https://identity.apple.com/pushcert with ${withAccount(facts)}, by Renew and not by Create, and upload it to /api/v1/push-certificates.`,
  },
  "push-certificate-missing": {
    title: () => "There is no push certificate",
    means: "No device is woken: commands wait until devices connect by themselves.",
    todo: () => "Follow docs/push.md to get one from Apple.",
  },
  "push-certificate-refused": {
    title: ({ topic }) => `Apple does not take the push certificate of ${topic}`,
    means: "No device of this topic is woken.",
    todo: (facts) => `Apple says: ${facts.reason}. Renew the certificate with ${withAccount(facts)}.`,
  },
  "push-certificate-other-topic": {
    title: ({ topic, other }) => `${other} was uploaded while ${topic} is about to end`,
    means:
      "It looks like a renewal by the wrong Apple Account, or by Create. Devices listen to their own topic only; those of the old one would have to enrol again.",
    todo: (facts) => `Renew ${facts.topic} with ${withAccount(facts)}, by Renew.`,
  },
  "push-certificate-account-unknown": {
    title: ({ topic }) => `Nobody wrote down which Apple Account made the push certificate of ${topic}`,
    means:
      "A year from now only that account can renew it. Without it all devices would have to enrol again.",
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
  "authority-ends": {
    title: (facts) => `The authority ${facts.subject} ${ends(facts)}`,
    means: "Identities that it issued are not accepted after its end.",
    todo: () =>
      "Make a new authority and let it issue (docs/identities.md), early enough that all identities are renewed under it.",
  },
  "authority-missing": {
    title: () => "No authority issues identities",
    means: "No device can enrol, and none can renew its identity.",
    todo: () => "Make one: POST /api/v1/authorities.",
  },
  "identities-not-renewed": {
    title: ({ count }) => devicesDo(count, "does not renew its identity", "do not renew their identities"),
    means:
      "Their renewal is overdue. After the end of its identity, and the days of grace, a device has to enrol again by hand.",
    todo: ({ first_ends_on, device }) =>
      `Look at the device ${device}, whose identity ends first (${first_ends_on}): is it on, and does it take commands?`,
  },
  "identities-ended": {
    title: ({ count }) =>
      devicesDo(count, "has an identity that has ended", "have identities that have ended"),
    means: "In the days of grace they may still renew; after that they have to enrol again.",
    todo: ({ device, grace_days }) =>
      `Get them online within ${grace_days} days of their end (setting identity_grace_days), such as ${device}.`,
  },
  "provisioning-profile-ends": {
    title: (facts) => `The provisioning profile ${facts.name} ${ends(facts)}`,
    means: "The apps that are signed with it do not start any more after its end.",
    todo: () => "Make a new one in Apple's developer portal and upload it to /api/v1/provisioning-profiles.",
  },
  "signing-certificate-ends": {
    title: (facts) => `The certificate ${facts.subject} that profiles are signed with ${ends(facts)}`,
    means: "After its end profiles are signed by the issuing authority, which devices do not call verified.",
    todo: () => "Upload a new one to /api/v1/signing-certificates.",
  },
  "webhook-paused": {
    title: ({ name }) => `The webhook ${name} has paused`,
    means:
      "It is told nothing. What happens meanwhile is kept for as long as events are (setting events_days).",
    todo: ({ reason, id }) =>
      `It paused because ${reason}. Mend the receiver, then PATCH /api/v1/webhooks/${id} with {"state":"active"}.`,
  },
  "webhook-failing": {
    title: ({ name, since }) => `The webhook ${name} reaches nobody since ${since}`,
    means: "Messages wait and nothing is lost; after five days it pauses.",
    todo: ({ fault, id }) => `The last attempt: ${fault}. Try it with POST /api/v1/webhooks/${id}/ping.`,
  },
  "webhook-dead-letters": {
    title: ({ name, count }) =>
      `The webhook ${name} does not take ${Number(count) === 1 ? "one message" : `${count} messages`}`,
    means: "They were tried for three days and given up. What came after them was sent.",
    todo: ({ id }) =>
      `See GET /api/v1/webhooks/${id}/dead-letters, and send them again with POST …/dead-letters/replay.`,
  },
  "queues-stuck": {
    title: ({ count, days }) =>
      `${devicesDo(count, "connects and leaves", "connect and leave")} commands waiting for more than ${days} days`,
    means: "These devices are there, but what they are told to do is not done.",
    todo: ({ device, request_type }) =>
      `Look at the commands of ${device}, where a ${request_type} waits: devices put off what needs a person.`,
  },
  "devices-silent": {
    title: ({ count, days }) => `${devicesDo(count, "was", "were")} not heard of for more than ${days} days`,
    means: "They are off, lost, or cannot reach this server; nothing that you set reaches them.",
    todo: () => "List them: GET /api/v1/devices?state=enrolled&seen_before=…",
  },
  "escrow-missing-bootstrap-token": {
    title: ({ count }) =>
      `Of ${Number(count) === 1 ? "one Mac" : `${count} Macs`} no bootstrap token is escrowed`,
    means: "Without it software updates and extensions on Apple silicon need a person with a password.",
    todo: ({ device }) =>
      `An administrator with a secure token signs in on the Mac (such as ${device}) once, or runs \`sudo profiles install -type bootstraptoken\`.`,
  },
  "escrow-missing-filevault-key": {
    title: ({ count }) =>
      `${Number(count) === 1 ? "One Mac is" : `${count} Macs are`} encrypted and no recovery key is escrowed`,
    means: "If the password is forgotten, what is on the disk is lost.",
    todo: ({ device }) =>
      `Give them the escrow profile and have the key rotated (docs/commands.md), such as ${device}.`,
  },
  "profile-failed": {
    title: ({ identifier, count }) =>
      `${devicesDo(count, "has", "have")} not taken the profile ${identifier}`,
    means: "What it sets is not in force there.",
    todo: ({ identifier }) => `See why: GET /api/v1/profiles/${identifier}/devices?state=failed`,
  },
  "declaration-failed": {
    title: ({ identifier, count }) =>
      `On ${devicesDo(count, "", "").trim()} the declaration ${identifier} is invalid`,
    means: "What it declares is not in force there.",
    todo: ({ identifier }) => `See why: GET /api/v1/declarations/${identifier}/status`,
  },
  "updates-overdue": {
    title: ({ policy, count }) => `${devicesDo(count, "is", "are")} overdue by the update policy ${policy}`,
    means: "The deadline has passed and they still run an older system.",
    todo: ({ policy }) => `See how they stand: GET /api/v1/software-updates/policies/${policy}/progress`,
  },
  "backup-old": {
    title: ({ last }) => (last ? `The last backup was made on ${last}` : "No backup was ever made"),
    means: "If the Cloudflare account is lost, so is what changed since.",
    todo: () => "Run npm run backup, and keep the file away from Cloudflare (docs/backup.md).",
  },
  "unsafe-setting": {
    title: ({ what }) => String(what),
    means: "It is allowed, and it is less safe than it could be.",
    todo: ({ remedy }) => String(remedy),
  },
} as const satisfies Record<string, Wording>;

export type ProblemCode = keyof typeof codes;

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(codes, code);

export const wordingOf = (code: ProblemCode): Wording => codes[code];
export type Facts = Record<string, string | number | null>;
