import { type App, originOf } from "../apps/app.ts";
import { whyNotFor } from "../apps/fit.ts";
import type { Stand } from "../apps/states.ts";
import type { AppLicence } from "../db/app-licences.ts";
import type { AdeTrouble } from "../db/schema/ade.ts";
import type { HeldLicence, WantedAppRow } from "../db/wanted-apps.ts";
import { describeConfiguration } from "../library/app-configuration.ts";
import type { AppLicenceWish } from "../licences/of-apps.ts";
import type { Platform } from "../mdm/platform.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { platformsOfFile } from "../package-files/platforms.ts";

/** An app that a device should have, and what keeps it from being begun. */
export type WantedApp = {
  app: App;
  /** The app itself: another one under this name is another app. */
  source: string;
  /** The store's newest version. */
  newest: string | null;
  licence: AppLicence | null;
  hindrance: Stand | undefined;
  /** Variables of its configuration without a value here. */
  missing: string[];
};

export type LicenceHolderFacts = {
  deviceId: string;
  kind: string;
  platform: Platform | undefined;
  productName: string | undefined;
  /** undefined: nothing proves which serial number the device has. */
  serial: string | undefined;
  person: { id: string; account: string | null } | undefined;
};

export type WantedApps = { apps: WantedApp[]; wishes: AppLicenceWish[] };

/** For one device: with the licences that must still be asked for. */
export async function wantedApps(
  env: Env,
  rows: readonly WantedAppRow[],
  holder: LicenceHolderFacts,
  facts: VariableFacts,
): Promise<WantedApps> {
  const apps: WantedApp[] = [];
  const wishes: AppLicenceWish[] = [];
  for (const row of rows) {
    const platforms = row.file ? platformsOfFile(row.file.facts) : row.asset?.platforms;
    const misfit = whyNotFor({ source: row.app.source, platforms }, holder);
    const licensing = misfit === undefined ? licensingOf(row, holder) : notFor(misfit);
    const configuration = await describeConfiguration(env, row.app, facts);
    const missing = configuration.ok ? [] : configuration.refusal.missing;
    const { name, version, source, updates, pinnedVersion, removeWhenUnassigned } = row.app;
    apps.push({
      app: {
        ...{ name, version, source, updates, pinnedVersion, removeWhenUnassigned },
        file: row.file && { id: row.file.id, uploadedAt: row.file.uploadedAt },
        identifier: identifierOf(row),
        platforms,
        licensedTo: licensing.licence?.holder.kind ?? null,
        configuration: configuration.ok ? configuration.value : null,
      },
      source: originOf(source),
      newest: row.store?.externalVersionId ?? null,
      licence: licensing.licence,
      missing,
      hindrance: licensing.hindrance ?? (missing.length > 0 ? noValue(missing) : undefined),
    });
    if (licensing.wish && licensing.licence)
      wishes.push({ app: name, ...licensing.licence, newUser: licensing.newUser });
  }
  return { apps, wishes };
}

/** Of a package with one app, a device manages that app under its own name. */
function identifierOf({ app: { source }, store, file }: WantedAppRow): string | null {
  if ("manifest" in source) return source.manifest.bundleId;
  if (file === null) return store?.bundleId ?? null;
  const [bundle, second] = file.facts.kind === "pkg" ? file.facts.bundles : [];
  return bundle && !second ? bundle.identifier : file.identifier;
}

const noValue = (missing: readonly string[]): Stand => ({
  state: "failed",
  reason: `there is no value for ${missing.join(", ")}`,
});

type Licensing = {
  licence: AppLicence | null;
  hindrance?: Stand | undefined;
  /** It must be asked for. */
  wish?: boolean;
  newUser?: AppLicenceWish["newUser"];
};

/** No licence is spent on it. */
const notFor = (reason: string): Licensing => ({
  licence: null,
  hindrance: { state: "not_applicable", reason },
});

const failed = (reason: string): Licensing => ({ licence: null, hindrance: { state: "failed", reason } });

function licensingOf(row: WantedAppRow, holder: LicenceHolderFacts): Licensing {
  const { source } = row.app;
  if ("package" in source && row.file === null)
    return failed(`there is no package ${source.package.name}: upload it`);
  if (!("store" in source)) return { licence: null };
  const { adamId, location } = source.store;
  if (!row.location) return failed(`there is no location ${location}, which the licence was to come from`);
  if (!row.asset)
    return failed(
      `${location} has no licence for ${adamId}: get the app in Apple's portal, also when it is free`,
    );
  const isUsers = holder.kind === "user" || row.asset.isForDevices === 0;
  return isUsers ? ofPerson(row, source.store, holder) : ofDevice(row, source.store, holder);
}

function ofDevice(
  { deviceLicence, location }: WantedAppRow,
  { adamId, location: name }: { adamId: string; location: string },
  { serial }: LicenceHolderFacts,
): Licensing {
  if (serial === undefined)
    return failed("nothing proves the serial number of the device, and the licence would go to that number");
  const licence: AppLicence = {
    location: name,
    adamId,
    pricing: "STDQ",
    holder: { kind: "device", id: serial },
  };
  return licensed(licence, deviceLicence, location);
}

function ofPerson(
  { personLicence, person, location }: WantedAppRow,
  { adamId, location: name }: { adamId: string; location: string },
  { person: owner }: LicenceHolderFacts,
): Licensing {
  if (!owner?.account)
    return failed(
      "the app needs a licence of a person, and the device belongs to nobody with a Managed Apple Account",
    );
  const id = person?.clientUserId ?? owner.id;
  const licence: AppLicence = { location: name, adamId, pricing: "STDQ", holder: { kind: "user", id } };
  const licensing = licensed(licence, personLicence, location);
  return person
    ? licensing
    : { ...licensing, newUser: { clientUserId: owner.id, managedAppleId: owner.account } };
}

function licensed(
  licence: AppLicence,
  held: HeldLicence | null,
  location: WantedAppRow["location"],
): Licensing {
  const wish = held?.intent !== "hold";
  const { rival } = location ?? {};
  // What is to be given back is not to be relied on.
  if (held?.heldAt != null && held.intent !== "free") return { licence, wish: wish && !rival };
  if (rival)
    return {
      licence,
      hindrance: waiting(
        `${licence.location} is managed by ${rival.name} now, so no licence can be asked for: take it over`,
      ),
    };
  return { licence, wish, hindrance: waiting(held?.trouble ? reasonOf(held.trouble) : null) };
}

const waiting = (reason: string | null): Stand => ({ state: "waiting_for_licence", reason });

const reasonOf = ({ reason, detail, remedy }: AdeTrouble): string =>
  reason === "not-enough-licences"
    ? "there are not enough licences: buy more, or free some"
    : `${detail}. ${remedy}`;
