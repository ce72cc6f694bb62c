import { TestRunner } from "vitest";

/** What of Vite's module runner matters here. */
type Loaded = { evaluated?: boolean; meta?: unknown };
type ModuleRunner = {
  evaluatedModules: { getModuleByUrl(url: string): Loaded | undefined };
  cachedModule(url: string, importer?: string): Promise<Loaded>;
};

const mended = new WeakSet<ModuleRunner>();

/**
 * A module that is loaded is there at once, as it is in production. Left to itself, the module runner asks Vite at each
 * `import()` whether it still has the newest text, all who import the module meanwhile wait for the same answer, and where
 * the object that asked is killed before it comes, they wait for ever.
 */
export default class extends TestRunner {
  onBeforeRunFiles(): void {
    const { moduleRunner } = this as unknown as { moduleRunner: ModuleRunner };
    if (mended.has(moduleRunner)) return;
    mended.add(moduleRunner);
    const ask = moduleRunner.cachedModule.bind(moduleRunner);
    moduleRunner.cachedModule = async (url, importer) => {
      const known = moduleRunner.evaluatedModules.getModuleByUrl(url);
      return known?.evaluated && known.meta ? known : ask(url, importer);
    };
  }
}
