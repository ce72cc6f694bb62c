import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { connected, syncAgain } from "../support/ade.ts";
import { appleAtFetch } from "../support/fake-apple/at-fetch.ts";
import { alarmOf, Steps, stepThrough } from "../support/steps.ts";

test("who asks while a turn is under way is not forgotten at its end", async () => {
  const account = await connected(appleAtFetch().addServer());
  await syncAgain(account);
  const object = () => env.ADE.getByName(account);
  let asked = 0;
  class Interrupted extends Steps {
    override async take<Value>(name: string, act: () => Promise<Value>): Promise<Value> {
      const answer = await super.take(name, act);
      if (asked++ === 0) await object().wake(true);
      return answer;
    }
  }
  await stepThrough(account, new Interrupted());
  await object().wake(true);

  // It has read what is to be done before somebody asks again.
  await runDurableObjectAlarm(object());

  expect(asked).toBeGreaterThan(0);
  expect(((await alarmOf(account)) ?? Number.POSITIVE_INFINITY) - Date.now()).toBeLessThan(1_000);
});
