import type { RoutePart } from "./route-line.ts";
import { itemOf } from "./schemas.ts";

/**
 * What programs call an operation: `listDevices`, `readDevice`, `sendCommand`. Made of the method and the path; where that
 * does not read, the name stands here.
 */
const named: Readonly<Record<string, string>> = {
  "GET /api/v1/apps": "listApps",
  "GET /api/v1/apps/{name}": "readApp",
  "PUT /api/v1/apps/{name}": "saveApp",
  "DELETE /api/v1/apps/{name}": "deleteApp",
  "GET /api/v1/apps/{name}/devices": "listAppDevices",
  "GET /api/v1/apps-and-books/locations": "listContentLocations",
  "POST /api/v1/apps-and-books/locations": "createContentLocation",
  "GET /api/v1/apps-and-books/locations/{name}": "readContentLocation",
  "PUT /api/v1/apps-and-books/locations/{name}/token": "renewContentToken",
  "POST /api/v1/apps-and-books/locations/{name}/take-over": "takeOverContentLocation",
  "POST /api/v1/apps-and-books/locations/{name}/sync": "syncContentLocation",
  "DELETE /api/v1/apps-and-books/locations/{name}": "deleteContentLocation",
  "GET /api/v1/apps-and-books/locations/{name}/assets": "listContentAssets",
  "GET /api/v1/apps-and-books/locations/{name}/licences": "listLicences",
  "POST /api/v1/apps-and-books/locations/{name}/licences": "giveLicences",
  "POST /api/v1/apps-and-books/locations/{name}/licences/free": "freeLicences",
  "POST /api/v1/apps-and-books/locations/{name}/licences/free-all": "freeAllLicences",
  "GET /api/v1/apps-and-books/locations/{name}/orders": "listLicenceOrders",
  "GET /api/v1/apps-and-books/locations/{name}/subscriptions": "listContentSubscriptions",
  "GET /api/v1/apps-and-books/locations/{name}/subscriptions/{subscription}/users":
    "listContentSubscriptionUsers",
  "GET /api/v1/apps-and-books/locations/{name}/users": "listContentUsers",
  "GET /api/v1/apps-and-books/locations/{name}/users/{user}": "readContentUser",
  "PUT /api/v1/apps-and-books/locations/{name}/users/{user}": "putContentUser",
  "DELETE /api/v1/apps-and-books/locations/{name}/users/{user}": "retireContentUser",
  "POST /api/v1/apps-and-books/locations/{name}/users/{user}/invitation": "inviteContentUser",
  "GET /api/v1/ade/devices/{serial}": "readAdeDevice",
  "POST /api/v1/ade/devices/assign": "assignAdeDevices",
  "POST /api/v1/ade/devices/unassign": "unassignAdeDevices",
  "POST /api/v1/ade/devices/follow-rules": "followAdeRules",
  "POST /api/v1/ade/devices/refresh": "refreshAdeDevices",
  "POST /api/v1/ade/devices/disown": "disownAdeDevices",
  "POST /api/v1/ade/accounts/{name}/activation-locks": "setAdeActivationLocks",
  "POST /api/v1/devices/{id}/commands": "sendCommand",
  "POST /api/v1/devices/{id}/commands/{uuid}/retry": "retryCommand",
  "POST /api/v1/devices/{id}/retry": "retryDevice",
  "GET /api/v1/devices/{id}/assigned-apps": "listDeviceAssignedApps",
  "POST /api/v1/devices/{id}/escrow/{name}/rotate": "rotateEscrowedSecret",
  "DELETE /api/v1/batches/{id}": "cancelBatch",
  "DELETE /api/v1/devices/{id}/commands/{uuid}": "cancelCommand",
  "GET /api/v1/devices/{id}/commands/{uuid}": "readCommand",
  "GET /api/v1/commands/{uuid}": "listCommandChannels",
  "DELETE /api/v1/jobs/{kind}": "cancelJob",
  "GET /api/docs": "readDocumentation",
  "GET /api/openapi.json": "readDescription",
  "GET /api/v1/devices/{id}/escrow/{name}": "readDeviceEscrow",
  "GET /api/v1/problems.ics": "readProblemCalendar",
  "POST /api/v1/mail/test": "sendTestMail",
  "POST /api/v1/posture": "judgePosture",
  "POST /api/v1/problems/calendar": "createProblemCalendar",
  "GET /api/v1/status-items/paths": "listStatusItemPaths",
  "POST /api/v1/enrollment/challenges": "createChallenge",
  "POST /api/v1/enrollment/invitations": "createInvitation",
  "GET /api/v1/enrollment/invitations": "listInvitations",
  "GET /api/v1/enrollment/invitations/{id}": "readInvitation",
  "DELETE /api/v1/enrollment/invitations/{id}": "revokeInvitation",
  "GET /api/v1/enrollment/profile": "createEnrollmentProfile",
  "POST /api/v1/devices/{id}/identities/end-overlap": "endIdentityOverlap",
  "DELETE /api/v1/devices/{id}/identities/{fingerprint}": "unbindDeviceIdentity",
  "POST /api/v1/devices/{id}/inventory": "askDeviceInventory",
  "POST /api/v1/devices/{id}/escrow/managed-admin/rotate": "rotateManagedAdmin",
  "GET /api/v1/devices/{id}/shelf-link": "readShelfLink",
  "POST /api/v1/devices/{id}/shelf-link/renew": "renewShelfLink",
  "GET /api/v1/devices/{id}/offers": "listDeviceOffers",
  "GET /api/v1/devices/{id}/offers/{kind}/{name}": "readDeviceOffer",
  "PUT /api/v1/devices/{id}/offers/{kind}/{name}": "chooseDeviceOffer",
  "DELETE /api/v1/devices/{id}/offers/{kind}/{name}": "returnDeviceOffer",
  "POST /api/v1/devices/{id}/renew-identity": "renewDeviceIdentity",
  "POST /api/v1/push-certificate-requests/{id}/mdmcert": "sendPushCertificateRequestToMdmcert",
  "POST /api/v1/push-certificate-requests/{id}/mdmcert/mail": "openMdmcertMail",
  "POST /api/v1/sets/{name}/channels": "changeSetChannels",
  "POST /api/v1/webhooks/{id}/dead-letters/replay": "replayDeadLetters",
  "POST /api/v1/webhooks/{id}/secret": "rotateWebhookSecret",
  "POST /api/v1/rollouts/{id}/resume": "resumeRollout",
  "POST /api/v1/rollouts/{id}/finish": "finishRollout",
  "POST /api/v1/rollouts/{id}/cancel": "cancelRollout",
  "GET /api/v1/software-updates/policies": "listSoftwareUpdatePolicies",
  "GET /api/v1/software-updates/policies/{name}": "readSoftwareUpdatePolicy",
  "PUT /api/v1/software-updates/policies/{name}": "putSoftwareUpdatePolicy",
  "DELETE /api/v1/software-updates/policies/{name}": "deleteSoftwareUpdatePolicy",
  "GET /api/v1/software-updates/policies/{name}/progress": "readSoftwareUpdateProgress",
  "GET /api/v1/software-updates/releases": "listOsReleases",
  "GET /api/v1/software-updates/releases/{platform}/{version}": "readOsRelease",
  "PUT /api/v1/software-updates/releases/{platform}/{version}": "putOsRelease",
  "DELETE /api/v1/software-updates/releases/{platform}/{version}": "deleteOsRelease",
  "POST /api/v1/administrator-invitations": "inviteAdministrator",
  "DELETE /api/v1/administrator-invitations/{id}": "withdrawAdministratorInvitation",
  "DELETE /api/v1/tokens/{id}": "revokeToken",
};

const verbs: Readonly<Record<string, string>> = {
  GET: "read",
  PUT: "put",
  PATCH: "update",
  DELETE: "delete",
};

type Operation = { method: string; path: string; part: RoutePart };

export const operationId = (operation: Operation): string =>
  named[`${operation.method} ${operation.path}`] ?? madeOf(operation);

function madeOf({ method, path, part }: Operation): string {
  const segments = path.replace(/^\/api\/(v1\/)?/, "").split("/");
  const last = segments.at(-1) ?? "";
  if (method === "GET" && isList(part)) return `list${nameOf(segments, false)}`;
  if (method !== "POST") return (verbs[method] ?? method.toLowerCase()) + nameOf(segments, false);
  if (part.answers?.[201] !== undefined) return `create${nameOf(segments, true)}`;
  return isParameter(last)
    ? `start${nameOf(segments, true)}`
    : lowerFirst(pascal(last)) + nameOf(segments.slice(0, -1), true);
}

function isList({ answers = {} }: RoutePart): boolean {
  const answer = answers[200];
  return answer !== undefined && typeof answer !== "string" && itemOf(answer) !== undefined;
}

/** One of a collection where a parameter follows, or where one is made. */
function nameOf(segments: readonly string[], isOne: boolean): string {
  return segments
    .map((segment, at) => {
      if (isParameter(segment)) return "";
      const next = segments[at + 1];
      const one = next === undefined ? isOne : isParameter(next);
      return pascal(one ? singular(segment) : segment);
    })
    .join("");
}

const isParameter = (segment: string): boolean => segment.startsWith("{");

const pascal = (segment: string): string =>
  segment
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

const singular = (word: string): string =>
  word.endsWith("ies")
    ? `${word.slice(0, -3)}y`
    : /(x|ch|s)es$/.test(word) && !word.endsWith("releases")
      ? word.slice(0, -2)
      : /[^s]s$/.test(word) && !word.endsWith("status")
        ? word.slice(0, -1)
        : word;
