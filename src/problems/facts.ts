import type { Settings } from "../admin/setting-entries.ts";
import { loadSettings } from "../admin/settings.ts";
import { allOf } from "../base/all-of.ts";
import { day, hour } from "../base/time.ts";
import { type AdeAccountRow, listAccounts } from "../db/ade-accounts.ts";
import { listMigrating, type MigratingDevice } from "../db/ade-migrations.ts";
import { type AuthorityRow, listAuthorities } from "../db/authorities.ts";
import { type Contradiction, listContradictions } from "../db/content-assets.ts";
import { type ContentLocationRow, listLocations } from "../db/content-locations.ts";
import { loadMailState, type MailState } from "../db/mail.ts";
import { openDb } from "../db/open.ts";
import { listPortalAccounts, type PortalAccountRow } from "../db/portal-accounts.ts";
import {
  countEnrolled,
  databaseBytes,
  endedIdentities,
  type LateIdentities,
  lastBackupAt,
  newestRelease,
} from "../db/problem-facts.ts";
import { listEnding, type ProvisioningProfileEntry } from "../db/provisioning-profiles.ts";
import { listPushCertificates, type PushCertificateRow } from "../db/push-certificates.ts";
import { listHalted, type RolloutRow } from "../db/rollouts.ts";
import { listSigningCertificates, type SigningCertificateRow } from "../db/signing-certificates.ts";
import { listMissing, type MissingLicences } from "../db/waiting-licences.ts";
import { listWebhooks, type WebhookRow } from "../db/webhooks.ts";
import { loadEnrollmentSettings } from "../enrollment/enrollment-settings.ts";
import { readEnv } from "../env.ts";
import { lastSelftest, type Selftest } from "../selftest/keep.ts";
import { type ListState, listState } from "../systems/latest.ts";
import { askUsage, daysBetween } from "./usage/ask-usage.ts";
import type { Usage } from "./usage/daily-limits.ts";

/** The facts for the quick detectors: a limited number of rows, by index. */
export type DeploymentFacts = {
  settings: Settings;
  isMasterKeyChanging: boolean;
  hasAddress: boolean;
  takesLocalWebhooks: boolean;
  takesOldCiphers: boolean;
  push: readonly PushCertificateRow[];
  authorities: readonly Pick<AuthorityRow, "id" | "subject" | "notAfter" | "issuing">[];
  provisioning: readonly Pick<ProvisioningProfileEntry, "uuid" | "name" | "expiresAt">[];
  signing: readonly Pick<SigningCertificateRow, "id" | "subject" | "notAfter" | "uploadedAt">[];
  webhooks: readonly WebhookRow[];
  locations: readonly Pick<
    ContentLocationRow,
    "name" | "locationName" | "tokenExpiresAt" | "trouble" | "rival"
  >[];
  missingLicences: readonly MissingLicences[];
  contradictions: readonly Contradiction[];
  apiAccounts: readonly Pick<PortalAccountRow, "name" | "trouble">[];
  /** Devices whose deadline to move here is near, up to a bound. */
  migrating: readonly MigratingDevice[];
  haltedRollouts: readonly Pick<RolloutRow, "id" | "kind" | "subject" | "reason" | "counts">[];
  escrowsFileVault: boolean;
  ade: readonly Pick<AdeAccountRow, "name" | "details" | "tokenExpiresAt" | "trouble">[];
  /** Identities of enrolled devices whose renewal should have happened. */
  late: LateIdentities;
  ended: LateIdentities;
  /** Counted up to a limit; the first of them enrolled at this time. */
  enrolled: { count: number; firstAt: number | null };
  lastBackupAt: number | null;
  appleList: ListState;
  selftest: Selftest | undefined;
  mail: { isBound: boolean; state: MailState };
  databaseBytes: number;
  /** Of the account, as Cloudflare counts it; undefined: it is not asked. */
  usage: Usage | undefined;
  newestRelease: string | null;
};

/** After this delay a renewal does not count as in progress any more. */
const lateDays = 14;
const mostEnding = 200;
/** Deadlines to move here: from when on they are near, and until when they count after they are over. */
const nearDays = 14;
const overdueDays = 7;
const mostMigrating = 500;
const mostHalted = 200;
/** Apps without enough licences. */
const mostMissing = 100;
/** The counts were read on a second night, and the lists too. */
const contradictedForMs = 25 * hour;

export async function loadDeploymentFacts(env: Env, now: number): Promise<DeploymentFacts> {
  const db = openDb(env.DB);
  const settings = await loadSettings(env, now);
  const configuration = readEnv(env);
  const given = configuration.ok ? configuration.value : undefined;
  const lateBy = Math.max(1, settings.identity_renewal_days - lateDays) * day;
  const { enrollment, mailState, release, ...facts } = await allOf({
    push: listPushCertificates(db),
    authorities: listAuthorities(db),
    provisioning: listEnding(db, now + 60 * day, ["nothing", "expiring", "expired"], mostEnding),
    signing: listSigningCertificates(db),
    webhooks: listWebhooks(db),
    ade: listAccounts(db),
    apiAccounts: listPortalAccounts(db),
    locations: listLocations(db),
    missingLicences: listMissing(db, mostMissing),
    contradictions: listContradictions(db, now - contradictedForMs, mostMissing),
    migrating: listMigrating(
      db,
      { enrolled: false, from: now - overdueDays * day, until: now + nearDays * day },
      mostMigrating,
      undefined,
    ),
    enrollment: loadEnrollmentSettings(env, now),
    late: endedIdentities(db, now, now + lateBy),
    ended: endedIdentities(db, now - settings.identity_grace_days * day, now),
    enrolled: countEnrolled(db),
    lastBackupAt: lastBackupAt(db),
    appleList: listState(db, now),
    selftest: lastSelftest(env),
    mailState: loadMailState(db),
    databaseBytes: databaseBytes(db),
    release: newestRelease(db),
    haltedRollouts: listHalted(db, mostHalted),
    usage: usageOf(settings, now),
  });
  return {
    ...facts,
    settings,
    isMasterKeyChanging: Boolean(env.MASTER_KEY_PREVIOUS),
    hasAddress: given?.publicUrl !== undefined,
    takesLocalWebhooks: given?.webhookAllowLocal === true,
    takesOldCiphers: given?.scepLegacyCiphers === true,
    escrowsFileVault: enrollment.file_vault_escrow !== undefined,
    mail: { isBound: env.EMAIL !== undefined, state: mailState },
    newestRelease: settings.release_url === null ? null : release,
  };
}

const usageOf = (
  { cloudflare_account_id: account, cloudflare_api_token: token }: Settings,
  now: number,
): Promise<Usage | undefined> | undefined =>
  account === null || token === null ? undefined : askUsage({ account, token }, daysBetween(now - day, now));
