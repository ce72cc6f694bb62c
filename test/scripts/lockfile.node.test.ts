import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

type Package = { optionalDependencies?: Record<string, string> };

// A registry that lacks a package's build for one platform makes npm leave it out, and `npm ci` refuse the file.
test("the lockfile has the builds for every platform, so that npm ci takes it", () => {
  const lockfile = readFileSync(resolve(import.meta.dirname, "../../package-lock.json"), "utf8");
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, Package> };
  const locked = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));

  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !locked.has(name))
      .map(([name, version]) => `${path} wants ${name} ${version}`),
  );

  expect(missing, "pin a version whose builds are all published").toEqual([]);
});
