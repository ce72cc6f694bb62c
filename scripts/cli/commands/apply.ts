import { Trouble } from "../../trouble.ts";
import { ask } from "../ask.ts";
import type { Command, Given, Runtime } from "../command.ts";
import { Api } from "../files/api.ts";
import { carryOut } from "../files/carry-out.ts";
import { checkedFolder } from "../files/checked-folder.ts";
import { type Plan, planOf } from "../files/plan.ts";
import { actionOf, nextStep, planAsJson, showPlan } from "../files/show-plan.ts";
import { isConfirmed, isLarge } from "../files/threshold.ts";
import { refusalWords } from "../refusal-words.ts";
import type { Screen } from "../screen.ts";

export const command: Command = {
  words: "DIR",
  count: [1, 1],
  options: {
    plan: { help: "show what would change, and change nothing; exit code 2 if something would" },
    prune: { help: "delete what an earlier apply of this folder made and the folder no longer has" },
    yes: { help: "do not ask" },
    confirm: {
      takes: "PLAN",
      help: "the id of a plan that concerns many devices; it answers the question too",
    },
  },
  also: "A plan that concerns more than 20 % of the devices, and more than 10, stops until its id is confirmed. docs/files.md tells what the folder may hold.",
  async run(given, runtime) {
    const { screen } = runtime;
    const folder = await checkedFolder(given.words[0] ?? "", screen);
    const api = new Api(runtime.api, runtime.server.origin);
    try {
      const plan = await planOf(api, folder, { prune: given.has("prune") });
      if (given.has("plan")) return showOnly(plan, screen);
      if (!screen.isJson) showPlan(plan, screen);
      if (plan.changes.length === 0)
        return screen.isJson ? screen.json({ ...planAsJson(plan), made: 0 }) : undefined;
      await consent(plan, given, runtime);
      const { made } = await carryOut(api, plan, folder.options.scope, (change) => {
        if (!screen.isJson) screen.say(`${actionOf(change)}d ${change.kind.one} ${change.name}`.trimEnd());
      });
      return screen.isJson ? screen.json({ ...planAsJson(plan), made }) : screen.say("Done.");
    } catch (fault) {
      const told = fault instanceof Trouble ? fault.message : refusalWords(fault);
      throw told === undefined ? fault : new Trouble(folder.secrets.hide(told), { cause: fault });
    }
  },
};

/** As CI wants to know it. */
function showOnly(plan: Plan, screen: Screen): number {
  if (screen.isJson) screen.json(planAsJson(plan));
  else {
    showPlan(plan, screen);
    if (plan.changes.length > 0) screen.say(nextStep(plan));
  }
  return plan.changes.length > 0 ? 2 : 0;
}

async function consent(plan: Plan, given: Given, { screen }: Runtime): Promise<void> {
  const confirmed = given.value("confirm");
  if (confirmed !== undefined) {
    if (isConfirmed(plan, confirmed)) return;
    throw new Trouble(
      `${confirmed} is another plan, or it concerns more devices by now: this one is ${plan.id}; nothing was changed`,
    );
  }
  if (isLarge(plan)) throw new Trouble(`${nextStep(plan)}\nNothing was changed.`);
  if (given.has("yes")) return;
  if (!screen.isAttended) throw new Trouble("say --yes to carry the plan out; nothing was changed");
  if (!/^y(es)?$/i.test(await ask("Carry it out? [y/N] "))) throw new Trouble("nothing was changed");
}
