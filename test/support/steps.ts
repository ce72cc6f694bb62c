import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { AdeServer } from "../../src/apple-business/object.ts";
import type { Progress } from "../../src/apple-business/progress.ts";

/**
 * Everything that an account's object does outside of itself, step by step: each call to Apple, each call to D1, each write
 * to its own storage. One of them fails: before it was done, or after, so that only its answer is lost. What would come
 * after it does not happen: the object is killed there.
 */
export type Failure = { at: number; when: "before" | "after" };

export class Steps {
  readonly names: string[] = [];
  hasFailed = false;
  readonly #failure: Failure | undefined;

  constructor(failure?: Failure) {
    this.#failure = failure;
  }

  async take<Value>(name: string, act: () => Promise<Value>): Promise<Value> {
    if (this.hasFailed) throw new Error("the object was killed");
    this.names.push(name);
    if (this.#failure?.at !== this.names.length) return act();
    if (this.#failure.when === "after") await act();
    return this.#fail();
  }

  /** A write that is done at once. */
  takeNow<Value>(name: string, act: () => Value): Value {
    if (this.hasFailed) throw new Error("the object was killed");
    this.names.push(name);
    if (this.#failure?.at !== this.names.length) return act();
    if (this.#failure.when === "after") act();
    return this.#fail();
  }

  #fail(): never {
    this.hasFailed = true;
    throw new Error(`step ${this.names.length} fails: ${this.names.at(-1)}`);
  }

  database(db: D1Database): D1Database {
    const real = new Map<object, { sql: string; statement: D1PreparedStatement }>();
    const wrap = (sql: string, statement: D1PreparedStatement): object => {
      const name = `D1 ${summary(sql)}`;
      const wrapped = {
        bind: (...values: unknown[]) => wrap(sql, statement.bind(...values)),
        all: () => this.take(name, () => statement.all()),
        run: () => this.take(name, () => statement.run()),
        raw: () => this.take(name, () => statement.raw()),
        first: () => this.take(name, () => statement.first()),
      };
      real.set(wrapped, { sql, statement });
      return wrapped;
    };
    return {
      prepare: (sql: string) => wrap(sql, db.prepare(sql)),
      batch: (statements: object[]) => {
        const found = statements.map(
          (one) => real.get(one) as { sql: string; statement: D1PreparedStatement },
        );
        const names = [...new Set(found.map(({ sql }) => summary(sql)))];
        return this.take(`D1 ${names.join(" + ")}`, () => db.batch(found.map(({ statement }) => statement)));
      },
    } as unknown as D1Database;
  }
}

/** "insert ade_devices" */
function summary(sql: string): string {
  const verb = /^\s*(\w+)/.exec(sql)?.[1]?.toLowerCase() ?? "";
  // What stands in parentheses looks something up for it.
  const outer = sql.replace(/\(\s*select[^()]*\)/gi, "");
  const table = /(?:from|into|update)\s+"?(\w+)/i.exec(outer)?.[1] ?? "";
  return `${verb} ${table}`.trim();
}

const objectOf = (account: string) => env.ADE.getByName(account);

type Inner = { env: Env; ctx: DurableObjectState };

/** From now on, until it is killed, the object takes its steps there. */
export async function stepThrough(account: string, steps: Steps): Promise<void> {
  await kill(account);
  await runInDurableObject(objectOf(account), (instance: AdeServer) => {
    const inner = instance as unknown as Inner;
    const { ctx } = inner;
    const { kv } = ctx.storage;
    const storage = {
      kv: {
        get: (key: string) => kv.get(key),
        put: (key: string, value: unknown) => steps.takeNow(`object put ${key}`, () => kv.put(key, value)),
      },
      getAlarm: () => ctx.storage.getAlarm(),
      setAlarm: (at: number) => ctx.storage.setAlarm(at),
      deleteAlarm: () => ctx.storage.deleteAlarm(),
      deleteAll: () => ctx.storage.deleteAll(),
    };
    const bindings = { ...env, DB: steps.database(env.DB) };
    Object.defineProperty(instance, "env", { value: bindings, configurable: true });
    Object.defineProperty(instance, "ctx", { value: { id: ctx.id, storage }, configurable: true });
  });
}

/** Its memory is lost; its storage and D1 are as they are. */
export const kill = (account: string): Promise<void> =>
  runInDurableObject(objectOf(account), (_, state) => state.abort("killed")).catch(() => undefined);

/** Turn after turn, until nothing is to be done or a step failed. */
export async function turns(account: string, steps: Steps): Promise<void> {
  for (let count = 0; count < 60 && !steps.hasFailed; count += 1) {
    const { at, progress } = await runInDurableObject(objectOf(account), async (_, { storage }) => ({
      at: await storage.getAlarm(),
      progress: storage.kv.get<Progress>("progress"),
    }));
    const isBusy = progress === undefined || progress.run !== undefined || progress.review !== undefined;
    if (at === null || (at > Date.now() + 1_000 && !isBusy)) return;
    await runDurableObjectAlarm(objectOf(account));
  }
}

/** As if the time for Apple had come. */
export const makeDue = (account: string): Promise<void> =>
  runInDurableObject(objectOf(account), async (_, { storage }) => {
    const progress = storage.kv.get<Progress>("progress");
    if (progress) storage.kv.put("progress", { ...progress, nextSyncAt: 0, restUntil: 0 });
    await storage.setAlarm(Date.now());
  });

export const alarmOf = (account: string): Promise<number | null> =>
  runInDurableObject(objectOf(account), (_, { storage }) => storage.getAlarm());
