import { TestRunner } from "vitest";

/** What of Vite's module runner matters here. */
type Loaded = { evaluated?: boolean; meta?: unknown; exports?: unknown };
type ModuleRunner = {
  evaluatedModules: {
    getModuleByUrl(url: string): Loaded | undefined;
    getModuleById(id: string): Loaded | undefined;
  };
  cachedModule(url: string, importer?: string): Promise<Loaded>;
  import(id: string): Promise<unknown>;
};

const mended = new WeakSet<ModuleRunner>();

/**
 * A module that is loaded is there at once, as it is in production.
 *
 * Left to itself, the module runner asks Vite at each `import()`, at each request and for each object that wakes, whether it
 * still has the newest text. That is dear; and all who want the module meanwhile wait for the same answer, so that where
 * the object that asked is killed before it comes, they wait for ever.
 */
export default class extends TestRunner {
  onBeforeRunFiles(): void {
    const { moduleRunner } = this as unknown as { moduleRunner: ModuleRunner };
    if (mended.has(moduleRunner)) return;
    mended.add(moduleRunner);
    const { evaluatedModules: modules } = moduleRunner;
    const ask = moduleRunner.cachedModule.bind(moduleRunner);
    const load = moduleRunner.import.bind(moduleRunner);
    moduleRunner.cachedModule = async (url, importer) => {
      const known = modules.getModuleByUrl(url);
      return known !== undefined && isLoaded(known) ? known : ask(url, importer);
    };
    moduleRunner.import = async (id) => {
      const known = modules.getModuleById(id);
      return known !== undefined && isLoaded(known) ? known.exports : load(id);
    };
  }
}

// Its text is forgotten where it is to be run again, such as that of a setup file.
const isLoaded = ({ evaluated, meta, exports }: Loaded): boolean =>
  evaluated === true && meta !== undefined && exports !== undefined;
