/** Apps and packages that declarations ask for (apps-and-books, section 6). */
import type { Declaration } from "../declarations.ts";
import type { AppleDevice } from "../device.ts";
import type { DeclaredApp } from "../state.ts";
import type { Verdicts } from "./judge.ts";

const appType = "com.apple.configuration.app.managed";
const packageType = "com.apple.configuration.package";

/** Installs what is declared, and removes what is not any more: an app goes, a package stays where it is. */
export async function manageApps(
  device: AppleDevice,
  kept: ReadonlyMap<string, Declaration>,
  verdicts: Verdicts,
): Promise<void> {
  const { declaredApps, apps } = device.state;
  const active = new Map(
    verdicts.configurations
      .filter(({ active: isActive, valid }) => isActive && valid === "valid")
      .flatMap(({ identifier }) => {
        const declaration = kept.get(identifier);
        return declaration?.Type === appType || declaration?.Type === packageType
          ? [[identifier, declaration] as const]
          : [];
      }),
  );
  for (const [identifier, known] of declaredApps) {
    if (active.has(identifier)) continue;
    declaredApps.delete(identifier);
    if (!known.isPackage) apps.delete(known.identifier);
  }
  for (const [identifier, declaration] of active) {
    const known = declaredApps.get(identifier);
    const isSettled = known?.serverToken === declaration.ServerToken && known.state !== "downloading";
    if (!isSettled) declaredApps.set(identifier, await takeOne(device, declaration, known));
  }
}

async function takeOne(
  device: AppleDevice,
  declaration: Declaration,
  known: DeclaredApp | undefined,
): Promise<DeclaredApp> {
  const { Type, ServerToken, Identifier, Payload } = declaration;
  const { state } = device;
  const isPackage = Type === packageType;
  const adamId = Payload.AppStoreID as string | undefined;
  const store = adamId === undefined ? undefined : await state.store?.app(adamId);
  const fetched = await fetchedBy(device, Payload.ManifestURL);
  if (fetched === "failed")
    return {
      ...{ identifier: "", state: "failed", serverToken: ServerToken, isPackage },
      reasons: [{ code: "Error.DownloadFailed", description: "The download failed." }],
    };
  const identifier = isPackage
    ? (fetched?.identifier ?? "com.example.package")
    : (fetched?.identifier ?? store?.bundleId ?? `com.example.store.${adamId}`);
  const one: DeclaredApp = { identifier, state: "managed", serverToken: ServerToken, isPackage, reasons: [] };
  const failure = await failureOf(device, declaration);
  if (failure !== undefined)
    return { ...one, state: "failed", reasons: [{ code: failure, description: failure }] };
  if (state.slowDownloads && known?.serverToken !== ServerToken) return { ...one, state: "downloading" };
  if (!isPackage)
    state.apps.set(identifier, {
      ...{ identifier, name: identifier.split(".").at(-1) ?? identifier, bundleBytes: 50_000_000 },
      ...{ managed: true, declared: Identifier, configuration: undefined, attributes: undefined },
      version: store?.version ?? fetched?.version ?? "1.0",
      externalVersion: store?.externalVersion,
    });
  return {
    ...one,
    state: isPackage ? "installed" : "managed",
    version: store?.version ?? fetched?.version ?? "1.0",
    ...(store && { externalVersion: store.externalVersion }),
  };
}

/** undefined: there is nothing to fetch. */
async function fetchedBy({ state }: AppleDevice, manifestUrl: unknown) {
  if (typeof manifestUrl !== "string" || state.installer === undefined) return undefined;
  return state.installer(manifestUrl).catch(() => "failed" as const);
}

async function failureOf(
  { state, hardware }: AppleDevice,
  { Payload }: Declaration,
): Promise<string | undefined> {
  if (state.rejectsApps !== undefined) return `Error.${state.rejectsApps}`;
  const adamId = Payload.AppStoreID;
  if (typeof adamId !== "string" || state.store === undefined) return undefined;
  if ((await state.store.app(adamId)) === undefined) return "Error.InvalidAppID";
  const { License } = Payload.InstallBehavior as { License?: { Assignment?: string } };
  const isLicensed =
    License?.Assignment === "User" || (await state.store.isLicensed(adamId, hardware.serialNumber));
  return isLicensed ? undefined : "Error.LicenseNotFound";
}

const listOf =
  (isPackages: boolean) =>
  ({ state }: AppleDevice): unknown =>
    [...state.declaredApps]
      .filter(([, { isPackage }]) => isPackage === isPackages)
      .map(([declaration, { identifier, state: word, reasons, version, externalVersion }]) => ({
        identifier,
        "declaration-identifier": declaration,
        name: identifier,
        state: word,
        ...(version !== undefined && { "short-version": version, version }),
        ...(externalVersion !== undefined && { "external-version-id": externalVersion }),
        ...(reasons.length > 0 && { reasons }),
      }));

export const declaredApps = listOf(false);
export const declaredPackages = listOf(true);
