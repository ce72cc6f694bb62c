import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { FakeApple } from "./fake-apple/apple.ts";
import { appleAtFetch } from "./fake-apple/at-fetch.ts";
import type { AppleServer } from "./fake-apple/server.ts";
import { type Failure, kill, Steps, stepThrough } from "./steps.ts";

export type Scene = { account: string; server: AppleServer };

export type Story<Prepared extends Scene> = {
  prepare: (apple: FakeApple) => Promise<Prepared>;
  /** What fails somewhere. */
  act: (scene: Prepared, steps: Steps) => Promise<unknown>;
  /** What holds at once, however far it came. */
  meanwhile?: (scene: Prepared) => Promise<void>;
  again: (scene: Prepared) => Promise<unknown>;
  /** What holds in the end. */
  check: (scene: Prepared) => Promise<void>;
};

/** An Apple whose answers are steps, while there is somebody who takes them. */
function steppedApple(): { apple: FakeApple; taking: { steps: Steps | undefined } } {
  const taking: { steps: Steps | undefined } = { steps: undefined };
  const apple = new FakeApple();
  const answer = apple.fetch;
  const stepped = (request: Request): Promise<Response> => {
    const { steps } = taking;
    const name = `Apple ${request.method} ${new URL(request.url).pathname}`;
    return steps ? steps.take(name, () => answer(request)) : answer(request);
  };
  Object.defineProperty(apple, "fetch", { value: stepped });
  return { apple: appleAtFetch(apple), taking };
}

/** Plays the story once for each of its steps and each way in which that can fail; its steps, by name. */
export async function failEverywhere<Prepared extends Scene>(story: Story<Prepared>): Promise<string[]> {
  const { apple, taking } = steppedApple();

  const play = async (steps: Steps): Promise<Prepared> => {
    // A deployment has fifty accounts at most.
    await env.DB.prepare("DELETE FROM ade_accounts").run();
    const scene = await story.prepare(apple);
    await stepThrough(scene.account, steps);
    taking.steps = steps;
    await story.act(scene, steps).catch(() => undefined);
    taking.steps = undefined;
    await kill(scene.account);
    return scene;
  };

  // The first time, keys and settings are read that are then known.
  await play(new Steps());
  const whole = new Steps();
  await story.check(await play(whole));
  for (let at = 1; at <= whole.names.length; at += 1) {
    for (const when of waysToFail(whole.names[at - 1] ?? "")) {
      const steps = new Steps({ at, when });
      const scene = await play(steps);
      const what = `step ${at} (${whole.names[at - 1]}) failed ${when} it was done`;
      expect(steps.hasFailed, what).toBe(true);
      try {
        await story.meanwhile?.(scene);
        await story.again(scene);
        await story.check(scene);
      } catch (fault) {
        throw new Error(what, { cause: fault });
      }
    }
  }
  return whole.names;
}

/** Whether something was read, and the answer lost, or nothing was read is the same. */
const waysToFail = (name: string): readonly Failure["when"][] =>
  /^D1 select \w+$/.test(name) ? ["before"] : ["before", "after"];
