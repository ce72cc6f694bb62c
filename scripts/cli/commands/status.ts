import type { Schemas } from "../../../client/src/index.ts";
import type { Command, Runtime } from "../command.ts";
import { relative } from "../times.ts";

export const command: Command = {
  also: "The exit code is 3 if something urgent needs you, so that a script can tell.",
  async run(_given, { api, screen }) {
    const [{ items: problems }, summary] = await Promise.all([api.get("/problems"), api.get("/summary")]);
    const isUrgent = problems.some(({ urgency }) => urgency === "urgent");
    if (screen.isJson) screen.json({ problems, summary });
    else {
      showProblems(problems, screen);
      showFleet(summary, screen);
    }
    return isUrgent ? 3 : 0;
  },
};

function showProblems(problems: readonly Schemas["ProblemEntry"][], screen: Runtime["screen"]): void {
  if (problems.length === 0) screen.say(screen.style("green", "Nothing needs you."));
  for (const { urgency, title, what_to_do, devices, since } of problems) {
    const head = `${urgency.padEnd(8)}${title}`;
    screen.say(screen.style(urgency === "urgent" ? "red" : urgency === "soon" ? "yellow" : "bold", head));
    const facts = [devices ? `${devices} devices` : "", since ? `since ${relative(since)}` : ""].filter(
      Boolean,
    );
    if (facts.length > 0) screen.say(screen.style("dim", `        ${facts.join(", ")}`));
    screen.say(`        ${what_to_do}`);
  }
}

function showFleet({ devices, enrolled }: Schemas["Summary"], screen: Runtime["screen"]): void {
  const platforms = Object.entries(enrolled.platforms).filter(([, count]) => count !== 0);
  screen.say();
  screen.heading(`${devices.enrolled} devices are enrolled`);
  screen.facts({
    platforms: platforms.map(([platform, count]) => `${platform} ${count}`).join(", "),
    "not encrypted": enrolled.encrypted.no,
    "silent for 7 days": enrolled.silent.days_7,
    "with failures": enrolled.failed,
    pending: devices.pending,
    erased: devices.erased,
  });
}
