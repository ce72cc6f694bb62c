import { runInRunnerObject } from "cloudflare:test-internal";
import { AsyncLocalStorage } from "node:async_hooks";
import { TestRunner } from "vitest";

/** What of Vite's module runner matters here. */
type Loaded = { evaluated?: boolean; meta?: unknown; exports?: unknown };
type ModuleRunner = {
  evaluatedModules: {
    getModuleByUrl(url: string): Loaded | undefined;
    getModuleById(id: string): Loaded | undefined;
  };
  cachedModule(url: string, importer?: string): Promise<Loaded>;
  cachedRequest(url: string, module: Loaded, ...more: unknown[]): Promise<unknown>;
  import(id: string): Promise<unknown>;
};

/** What of Vitest's worker matters here: how it speaks to the process that runs it. */
type Call = ((...args: unknown[]) => unknown) & { asEvent: (...args: unknown[]) => unknown };
type WorkerState = { rpc: { onUserConsoleLog: Call } };

const mended = new WeakSet<object>();

/** Runs test files as Vitest does, without two ways in which a run could stop for ever. */
export default class extends TestRunner {
  onBeforeRunFiles(): void {
    const { moduleRunner } = this as unknown as { moduleRunner: ModuleRunner };
    const { __vitest_worker__: worker } = globalThis as unknown as { __vitest_worker__: WorkerState };
    if (!mended.has(moduleRunner)) keepLoadedModules(moduleRunner);
    if (!mended.has(worker)) sendLogsWithoutAnswer(worker);
    mended.add(moduleRunner).add(worker);
  }
}

/** Set while the object that runs the tests loads a module. */
const loading = new AsyncLocalStorage<true>();

/**
 * A module that is loaded is there at once, as it is in production; and no object loads one itself.
 *
 * Left to itself, the module runner asks Vite at each `import()`, at each request and for each object that wakes, whether it
 * still has the newest text. That is dear. And all who want the module meanwhile wait for the same answer: where the object
 * that asked is killed before it comes, they wait for ever, or go on in the name of another object.
 * So the object that runs the tests asks and loads, which is never killed.
 */
function keepLoadedModules(moduleRunner: ModuleRunner): void {
  const { evaluatedModules: modules } = moduleRunner;
  const ask = moduleRunner.cachedModule.bind(moduleRunner);
  const evaluate = moduleRunner.cachedRequest.bind(moduleRunner);
  const load = moduleRunner.import.bind(moduleRunner);
  moduleRunner.cachedModule = async (url, importer) => {
    const known = modules.getModuleByUrl(url);
    return known !== undefined && isLoaded(known) ? known : byRunner(() => ask(url, importer));
  };
  moduleRunner.cachedRequest = async (url, module, ...more) =>
    isLoaded(module) ? evaluate(url, module, ...more) : byRunner(() => evaluate(url, module, ...more));
  moduleRunner.import = async (id) => {
    const known = modules.getModuleById(id);
    return known !== undefined && isLoaded(known) ? known.exports : load(id);
  };
}

const byRunner = <T>(work: () => Promise<T>): Promise<T> =>
  loading.getStore() === true ? work() : runInRunnerObject(() => loading.run(true, work));

/**
 * A line that is logged is sent, and nothing waits for an answer.
 *
 * Vitest waits at the end of a file until each line was answered. What an object logs is kept until the test itself has
 * something to send. So an object that logs at that moment, such as one whose alarm is at work, would stop the run for ever.
 */
function sendLogsWithoutAnswer(worker: WorkerState): void {
  const { rpc } = worker;
  const { asEvent } = rpc.onUserConsoleLog;
  worker.rpc = new Proxy(rpc, {
    get: (target, name) => (name === "onUserConsoleLog" ? asEvent : Reflect.get(target, name)),
  });
}

// Its text is forgotten where it is to be run again, such as that of a setup file.
const isLoaded = ({ evaluated, meta, exports }: Loaded): boolean =>
  evaluated === true && meta !== undefined && exports !== undefined;
