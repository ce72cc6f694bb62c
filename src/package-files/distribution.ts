import type { Bytes } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { forbiddenIn } from "../plist/characters.ts";
import { type FileRefusal, refuseFile, shown } from "./refusal.ts";
import type { XarFile } from "./xar.ts";
import { childNamed, elementsNamed, readXmlTree, textOf, type XmlElement } from "./xml.ts";

/**
 * What a distribution says of itself: the file `Distribution`, which productbuild writes, and `PackageInfo` of each
 * component in it.
 * https://developer.apple.com/library/archive/documentation/DeveloperTools/Reference/DistributionDefinitionRef
 */
export type Distribution = {
  title: string | null;
  /** Of the product; without one, of the first component. */
  identifier: string;
  version: string;
  minimumOsVersion: string | null;
  packages: { identifier: string; version: string }[];
};

/** The apps that a component installs. */
export type Component = { bundles: { identifier: string; version: string }[] };

const mostComponents = 20;
const mostBundles = 50;
const mostPackages = 100;

/** Where `Distribution` is, and the components' descriptions; a package without is no product. */
export function partsOfProduct(
  files: readonly XarFile[],
): Result<{ distribution: XarFile; components: XarFile[] }, FileRefusal> {
  const named = files.filter(({ path }) => path === "Distribution");
  const [distribution, second] = named;
  if (second !== undefined) return refuseFile("damaged", "it has two files called Distribution");
  if (distribution === undefined)
    return files.some(({ path }) => path === "PackageInfo")
      ? refuseFile("component-package", "it is a component package: it has PackageInfo and no Distribution")
      : refuseFile("not-an-archive", "the archive has no Distribution, so it is no installer package");
  const components = files.filter(({ path }) => /^[^/]+\/PackageInfo$/.test(path)).slice(0, mostComponents);
  return ok({ distribution, components });
}

export function readDistribution(bytes: Bytes): Result<Distribution, FileRefusal> {
  const tree = readXmlTree(bytes, "Distribution");
  if (!tree.ok) return tree;
  const root = tree.value;
  if (root.name !== "installer-gui-script" && root.name !== "installer-script")
    return refuseFile("damaged", `Distribution begins with <${shown(root.name)}>`);
  const packages = packagesOf(root);
  const product = childNamed(root, "product")?.attributes;
  const identifier = product?.get("id") || packages[0]?.identifier;
  const version = product?.get("version") || packages[0]?.version;
  if (!identifier || !isPrintable(identifier))
    return refuseFile("no-identifier", "Distribution names neither a product nor a package");
  if (!version || !isPrintable(version))
    return refuseFile("no-version", "Distribution has no version of its product");
  const [os] = elementsNamed(root, "os-version");
  return ok({
    title: plainTitle(textOf(root, "title")),
    identifier,
    version,
    minimumOsVersion: os?.attributes.get("min") ?? null,
    packages,
  });
}

/** A reference stands several times: once with its file, once with its bundles. */
function packagesOf(root: XmlElement): Distribution["packages"] {
  const versions = new Map<string, string>();
  for (const reference of elementsNamed(root, "pkg-ref")) {
    const identifier = reference.attributes.get("id");
    if (!identifier || !isPrintable(identifier) || versions.size >= mostPackages) continue;
    const version = reference.attributes.get("version") ?? "";
    if (!versions.get(identifier)) versions.set(identifier, isPrintable(version) ? version : "");
  }
  return [...versions].map(([identifier, version]) => ({ identifier, version }));
}

export function readComponent(bytes: Bytes): Result<Component, FileRefusal> {
  const tree = readXmlTree(bytes, "PackageInfo");
  if (!tree.ok) return tree;
  const bundles = [...elementsNamed(tree.value, "bundle")]
    .map(({ attributes }) => ({
      identifier: attributes.get("id") ?? "",
      version: attributes.get("CFBundleShortVersionString") ?? attributes.get("CFBundleVersion") ?? "",
    }))
    .filter(({ identifier, version }) => identifier && isPrintable(identifier) && isPrintable(version));
  return ok({ bundles: bundles.slice(0, mostBundles) });
}

/** A title may be a key of the installer's own translations. */
const plainTitle = (title: string | undefined): string | null =>
  title && title !== "DISTRIBUTION_TITLE" && isPrintable(title) ? title : null;

/** What may stand in a manifest and in an answer. */
export const isPrintable = (text: string): boolean =>
  text.length <= 255 && !/\p{Cc}/u.test(text) && forbiddenIn(text) === undefined;
