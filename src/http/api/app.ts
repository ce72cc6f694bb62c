import { Hono } from "hono";
import { openDb } from "../../db/open.ts";
import { faultProblem, noSuchRoute } from "../fault.ts";
import { page } from "../page.ts";
import { noteRoute } from "../trace.ts";
import type { ApiEnv } from "./api-env.ts";
import { apps } from "./apps.ts";
import { audit } from "./audit.ts";
import { audited } from "./audited.ts";
import { authorities } from "./authorities.ts";
import { backup } from "./backup.ts";
import { batches } from "./batches.ts";
import { catalog } from "./catalog.ts";
import { certificates } from "./certificates.ts";
import { challenges } from "./challenges.ts";
import { commands } from "./commands.ts";
import { declarationData } from "./declaration-data.ts";
import { declarationStatus } from "./declaration-status.ts";
import { declarations } from "./declarations.ts";
import { deviceCommands } from "./device-commands.ts";
import { deviceDeclarations } from "./device-declarations.ts";
import { deviceEnrollment } from "./device-enrollment.ts";
import { deviceEscrow } from "./device-escrow.ts";
import { deviceInventory } from "./device-inventory.ts";
import { deviceProfiles } from "./device-profiles.ts";
import { devicePush } from "./device-push.ts";
import { deviceRenewal } from "./device-renewal.ts";
import { deviceSets } from "./device-sets.ts";
import { devices } from "./devices.ts";
import { docsPage, docsStyle } from "./docs.ts";
import { enrollmentProfile } from "./enrollment-profile.ts";
import { enrollmentSettingsApi } from "./enrollment-settings.ts";
import { escrowCertificates } from "./escrow-certificates.ts";
import { deviceEvents, events } from "./events.ts";
import { invitations } from "./invitations.ts";
import { jobs } from "./jobs.ts";
import { objectId } from "./object-ids.ts";
import { describeApi, type JsonObject } from "./openapi.ts";
import { osReleases } from "./os-releases.ts";
import { profileChecks } from "./profile-checks.ts";
import { profileDevices } from "./profile-devices.ts";
import { profiles } from "./profiles.ts";
import { provisioningProfiles } from "./provisioning-profiles.ts";
import { pushCertificates } from "./push-certificates.ts";
import { pushRequests } from "./push-requests.ts";
import { pushVendor } from "./push-vendor.ts";
import { describe } from "./route-line.ts";
import { sets } from "./sets.ts";
import { settings } from "./settings.ts";
import { signingCertificates } from "./signing-certificates.ts";
import { softwareUpdates } from "./software-updates.ts";
import { statusItems } from "./status-items.ts";
import { tokens } from "./tokens.ts";

/** The admin API: an app of its own, loaded when the first administrator calls. One line a resource. */
export const api = new Hono<ApiEnv>();

api.use(async (c, next) => {
  c.set("db", openDb(c.env.DB));
  noteRoute(c);
  await next();
  c.header("Cache-Control", "no-store");
  c.header("X-Content-Type-Options", "nosniff");
});

api.use(audited);
api.use("/api/v1/devices/:id/*", objectId);
api.use("/api/v1/batches/:id/*", objectId);

api.route("/api/v1/apps", apps);
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
api.route("/api/v1/devices", deviceCommands);
api.route("/api/v1/devices", deviceEnrollment);
api.route("/api/v1/devices", deviceEscrow);
api.route("/api/v1/devices", deviceEvents);
api.route("/api/v1/devices", deviceProfiles);
api.route("/api/v1/devices", devicePush);
api.route("/api/v1/devices", deviceRenewal);
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
api.route("/api/v1/profiles", profileDevices);
api.route("/api/v1/profiles", profiles);
api.route("/api/v1/profiles", profileChecks);
api.route("/api/v1/provisioning-profiles", provisioningProfiles);
api.route("/api/v1/push-certificate-requests", pushRequests);
api.route("/api/v1/push-certificates", pushCertificates);
api.route("/api/v1/push-vendor", pushVendor);
api.route("/api/v1/sets", sets);
api.route("/api/v1/settings", settings);
api.route("/api/v1/signing-certificates", signingCertificates);
api.route("/api/v1/software-updates", softwareUpdates);
api.route("/api/v1/software-updates/releases", osReleases);
api.route("/api/v1/status-items", statusItems);
api.route("/api/v1/tokens", tokens);

api.get(
  "/api/openapi.json",
  describe("This description", { 200: "An OpenAPI 3.1 document" }, { tag: "description" }),
  (c) => c.json(description()),
);

api.get("/api/docs", describe("This description as a page", { 200: "HTML" }, { tag: "description" }), (c) =>
  page(c, "edgemdm API", docsStyle, docsPage(description())),
);

api.notFound(noSuchRoute(api));
api.onError(faultProblem);

// Made when first asked for: no other answer needs it.
let made: JsonObject | undefined;
const description = (): JsonObject => {
  made ??= describeApi(api);
  return made;
};
