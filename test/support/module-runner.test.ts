import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";

test("an object that still logs while its file ends does not stop the run", async () => {
  const lines = await runInDurableObject(env.DEVICE.getByName("talkative"), () => {
    let left = 200;
    const speak = () => {
      console.log("still at work");
      if (--left > 0) setTimeout(speak, 1);
    };
    speak();
    return left;
  });
  // What this shows is that the next file begins: before, each run of this file hung.
  expect(lines).toBe(199);
});
