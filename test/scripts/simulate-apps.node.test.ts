import { afterAll, expect, test } from "vitest";
import { ProjectCopy } from "../support/node/project-copy.ts";

const copy = new ProjectCopy(["test"]);
afterAll(() => copy.remove());

test("beside npm start, apps come to an iPhone, an iPad and a Mac and go again, and no licence is left", async () => {
  // An iPad that took a command is asked soon what became of it.
  const start = copy.script(["start", "--port", "0", "--apple", "--var", "APP_LOOK_SECONDS:3"]);
  const [, origin = ""] = await start.says(/edgemdm runs at (http:\/\/localhost:\d+)/);
  const [, apple = ""] = await start.says(/a stand-in for Apple's .* is at (http:\/\/127\.0\.0\.1:\d+)/i);
  await start.says(new RegExp(`npm run simulate -- --apps --url ${origin} --apple ${apple}`));

  const { code, output } = await copy
    .script(["simulate", "--apps", "--url", origin, "--apple", apple, "--seed", "test"])
    .ends();

  expect(output).toMatch(/iPhone +chat: installed, by declarations/);
  expect(output).toMatch(/iPad +carries out InstallApplication/);
  expect(output).toMatch(/iPad +chat: installed, by commands/);
  expect(output).toMatch(/Mac +tool: installed, by declarations/);
  expect(output).toMatch(/Apple +2 licences are taken[\s\S]*Apple +no licence is taken/);
  expect(output).toMatch(/are deleted, and the devices have left\n/);
  expect(code, output).toBe(0);
  expect((await start.signal("SIGTERM")).code).toBe(0);
}, 240_000);
