import { Hono } from "hono";
import * as v from "valibot";
import { openDb } from "../../db/open.ts";
import { faultProblem, noSuchRoute } from "../fault.ts";
import { noteRoute } from "../trace.ts";
import { adeAccounts } from "./ade/accounts.ts";
import { apiAccounts } from "./ade/api-accounts.ts";
import { apiActivities } from "./ade/api-activities.ts";
import { apiServers } from "./ade/api-servers.ts";
import { adeAppleCalls } from "./ade/apple-calls.ts";
import { adeDevices } from "./ade/devices.ts";
import { adeMigrations } from "./ade/migrations.ts";
import { adeProfiles } from "./ade/profiles.ts";
import { adeRules } from "./ade/rules.ts";
import { apps } from "./apps/apps.ts";
import { locationLicences } from "./apps-and-books/licences.ts";
import { locations } from "./apps-and-books/locations.ts";
import { locationSubscriptions } from "./apps-and-books/subscriptions.ts";
import { locationUsers } from "./apps-and-books/users.ts";
import { attributes } from "./attributes/attributes.ts";
import { catalog } from "./catalog/catalog.ts";
import { batches } from "./commands/batches.ts";
import { commandRetry } from "./commands/command-retry.ts";
import { commands } from "./commands/commands.ts";
import { deviceCommands } from "./commands/device-commands.ts";
import { appleList } from "./declarations/apple-list.ts";
import { declarationData } from "./declarations/declaration-data.ts";
import { declarationStatus } from "./declarations/declaration-status.ts";
import { declarations } from "./declarations/declarations.ts";
import { osReleases } from "./declarations/os-releases.ts";
import { softwareUpdates } from "./declarations/software-updates.ts";
import { statusItems } from "./declarations/status-items.ts";
import { deviceApps } from "./devices/device-apps.ts";
import { deviceDeclarations } from "./devices/device-declarations.ts";
import { deviceEnrollment } from "./devices/device-enrollment.ts";
import { deviceEscrow } from "./devices/device-escrow.ts";
import { deviceInventory } from "./devices/device-inventory.ts";
import { deviceOffers } from "./devices/device-offers.ts";
import { deviceProfiles } from "./devices/device-profiles.ts";
import { devicePush } from "./devices/device-push.ts";
import { deviceRenewal } from "./devices/device-renewal.ts";
import { deviceRetry } from "./devices/device-retry.ts";
import { deviceRotation } from "./devices/device-rotation.ts";
import { deviceSets } from "./devices/device-sets.ts";
import { deviceSetup } from "./devices/device-setup.ts";
import { devices } from "./devices/devices.ts";
import { installedApps } from "./devices/installed-apps.ts";
import { challenges } from "./enrollment/challenges.ts";
import { enrollmentProfile } from "./enrollment/enrollment-profile.ts";
import { enrollmentSettingsApi } from "./enrollment/enrollment-settings.ts";
import { invitations } from "./enrollment/invitations.ts";
import { authorities } from "./identities/authorities.ts";
import { certificates } from "./identities/certificates.ts";
import { escrowCertificates } from "./identities/escrow-certificates.ts";
import { audit } from "./operations/audit.ts";
import { backup } from "./operations/backup.ts";
import { deviceEvents, events } from "./operations/events.ts";
import { jobs } from "./operations/jobs.ts";
import { mail } from "./operations/mail.ts";
import { managedThings } from "./operations/managed-things.ts";
import { problemList } from "./operations/problems.ts";
import { selftest } from "./operations/selftest.ts";
import { settings } from "./operations/settings.ts";
import { summary } from "./operations/summary.ts";
import { tokens } from "./operations/tokens.ts";
import { usage } from "./operations/usage.ts";
import { packageUploads } from "./packages/package-uploads.ts";
import { packages } from "./packages/packages.ts";
import { people } from "./people/people.ts";
import { posture } from "./posture/posture.ts";
import { profileChecks } from "./profiles/profile-checks.ts";
import { profileDevices } from "./profiles/profile-devices.ts";
import { profiles } from "./profiles/profiles.ts";
import { provisioningProfiles } from "./profiles/provisioning-profiles.ts";
import { signingCertificates } from "./profiles/signing-certificates.ts";
import { pushCertificates } from "./push/push-certificates.ts";
import { pushRequests } from "./push/push-requests.ts";
import { pushVendor } from "./push/push-vendor.ts";
import { rollouts } from "./rollouts/rollouts.ts";
import type { ApiEnv } from "./route/api-env.ts";
import { audited } from "./route/audited.ts";
import { conditional } from "./route/conditional.ts";
import { tables } from "./route/csv.ts";
import { managed } from "./route/managed.ts";
import { objectId } from "./route/object-ids.ts";
import type { JsonObject } from "./route/openapi.ts";
import { describeRoute } from "./route/route-line.ts";
import { query } from "./route/validate.ts";
import { sets } from "./sets/sets.ts";
import { administratorInvitations } from "./sign-in/administrator-invitations.ts";
import { signInAdministrators } from "./sign-in/administrators.ts";
import { exchangeRules } from "./sign-in/exchange-rules.ts";
import { signInProvider } from "./sign-in/provider.ts";
import { session } from "./sign-in/session.ts";
import { tokenExchange } from "./sign-in/token-exchange.ts";
import { webhookDeliveries } from "./webhooks/deliveries.ts";
import { webhooks } from "./webhooks/webhooks.ts";

/** The admin API: a separate app, loaded at the first call of an administrator. One line for each resource. */
export const api = new Hono<ApiEnv>();

api.use(async (c, next) => {
  c.set("db", openDb(c.env.DB));
  noteRoute(c);
  await next();
  // Not with `c.header`, which copies an existing answer.
  c.res.headers.set("Cache-Control", "no-store");
  c.res.headers.set("X-Content-Type-Options", "nosniff");
});

api.use(audited);
api.use(tables);
api.use(conditional(api));
api.use(managed);
api.use("/api/v1/devices/:id/*", objectId);
api.use("/api/v1/batches/:id/*", objectId);
api.use("/api/v1/software-updates/devices/:id/*", objectId);

api.route("/api/v1/ade/accounts", adeAccounts);
api.route("/api/v1/ade/profiles", adeProfiles);
api.route("/api/v1/ade/accounts", adeRules);
api.route("/api/v1/ade/accounts", adeAppleCalls);
api.route("/api/v1/ade/api-accounts", apiAccounts);
api.route("/api/v1/ade/api-accounts", apiServers);
api.route("/api/v1/ade/api-accounts", apiActivities);
api.route("/api/v1/ade/devices", adeDevices);
api.route("/api/v1/ade/migrations", adeMigrations);
api.route("/api/v1/administrator-invitations", administratorInvitations);
api.route("/api/v1/installed-apps", installedApps);
api.route("/api/v1/apps", apps);
api.route("/api/v1/apps-and-books/locations", locations);
api.route("/api/v1/apps-and-books/locations", locationLicences);
api.route("/api/v1/apps-and-books/locations", locationUsers);
api.route("/api/v1/apps-and-books/locations", locationSubscriptions);
api.route("/api/v1/attributes", attributes);
api.route("/api/v1/audit", audit);
api.route("/api/v1/authorities", authorities);
api.route("/api/v1/batches", batches);
api.route("/api/v1/catalog", catalog);
api.route("/api/v1/backup", backup);
api.route("/api/v1/certificates", certificates);
api.route("/api/v1/commands", commands);
api.route("/api/v1/declarations", declarations);
api.route("/api/v1/declarations", declarationData);
api.route("/api/v1/declarations", declarationStatus);
api.route("/api/v1/devices", devices);
api.route("/api/v1/devices", deviceApps);
api.route("/api/v1/devices", deviceCommands);
api.route("/api/v1/devices", commandRetry);
api.route("/api/v1/devices", deviceEnrollment);
api.route("/api/v1/devices", deviceEscrow);
api.route("/api/v1/devices", deviceEvents);
api.route("/api/v1/devices", deviceOffers);
api.route("/api/v1/devices", deviceProfiles);
api.route("/api/v1/devices", devicePush);
api.route("/api/v1/devices", deviceRenewal);
api.route("/api/v1/devices", deviceRetry);
api.route("/api/v1/devices", deviceRotation);
api.route("/api/v1/devices", deviceSetup);
api.route("/api/v1/devices", deviceInventory);
api.route("/api/v1/devices", deviceDeclarations);
api.route("/api/v1/devices", deviceSets);
api.route("/api/v1/enrollment/challenges", challenges);
api.route("/api/v1/enrollment/invitations", invitations);
api.route("/api/v1/enrollment/profile", enrollmentProfile);
api.route("/api/v1/enrollment/settings", enrollmentSettingsApi);
api.route("/api/v1/events", events);
api.route("/api/v1/jobs", jobs);
api.route("/api/v1/escrow-certificates", escrowCertificates);
api.route("/api/v1/mail", mail);
api.route("/api/v1/managed-things", managedThings);
api.route("/api/v1/packages", packages);
api.route("/api/v1/packages", packageUploads);
api.route("/api/v1/people", people);
api.route("/api/v1/posture", posture);
api.route("/api/v1", problemList);
api.route("/api/v1/profiles", profileDevices);
api.route("/api/v1/profiles", profiles);
api.route("/api/v1/profiles", profileChecks);
api.route("/api/v1/provisioning-profiles", provisioningProfiles);
api.route("/api/v1/push-certificate-requests", pushRequests);
api.route("/api/v1/push-certificates", pushCertificates);
api.route("/api/v1/push-vendor", pushVendor);
api.route("/api/v1/rollouts", rollouts);
api.route("/api/v1", selftest);
api.route("/api/v1/sets", sets);
api.route("/api/v1/settings", settings);
api.route("/api/v1/session", session);
api.route("/api/v1/sign-in/administrators", signInAdministrators);
api.route("/api/v1/sign-in/provider", signInProvider);
api.route("/api/v1/signing-certificates", signingCertificates);
api.route("/api/v1/software-updates", softwareUpdates);
api.route("/api/v1/software-updates", appleList);
api.route("/api/v1/software-updates/releases", osReleases);
api.route("/api/v1/status-items", statusItems);
api.route("/api/v1/summary", summary);
api.route("/api/v1/token-exchange", tokenExchange);
api.route("/api/v1/token-exchange-rules", exchangeRules);
api.route("/api/v1/tokens", tokens);
api.route("/api/v1/usage", usage);
api.route("/api/v1/webhooks", webhooks);
api.route("/api/v1/webhooks", webhookDeliveries);

api.get(
  "/api/openapi.json",
  describeRoute(
    "This description",
    { 200: "An OpenAPI 3.1 document" },
    { tag: "description", answerTypes: { "application/json": "The document" } },
  ),
  async (c) => c.json(await description()),
);

api.get(
  "/api/docs",
  describeRoute(
    "This description as pages for people",
    { 200: "HTML" },
    { tag: "description", answerTypes: { "text/html": "The page" } },
  ),
  query({
    group: v.optional(v.pipe(v.string(), v.maxLength(100), v.description("The group of operations to show"))),
    q: v.optional(v.pipe(v.string(), v.maxLength(100), v.description("Words to search for"))),
  }),
  async (c) => {
    const { docs } = await import("./route/docs/pages.ts");
    return docs(c, await description(), c.req.valid("query"));
  },
);

api.notFound(noSuchRoute(api));
api.onError(faultProblem);

// Made at the first request for it, with its examples: no other answer needs it.
let made: JsonObject | undefined;
async function description(): Promise<JsonObject> {
  const { describeApi } = await import("./route/openapi.ts");
  made ??= describeApi(api);
  return made;
}
