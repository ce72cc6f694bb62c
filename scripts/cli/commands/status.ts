import type { Json } from "../api.ts";
import type { Command, Runtime } from "../command.ts";
import { relative } from "../times.ts";

export const command: Command = {
  also: "The exit code is 3 if something urgent needs you, so that a script can tell.",
  async run(_given, { api, screen }) {
    const [{ items }, summary] = await Promise.all([api.get("/problems"), api.get("/summary")]);
    const problems = items as Json[];
    const isUrgent = problems.some(({ urgency }) => urgency === "urgent");
    if (screen.isJson) screen.json({ problems, summary });
    else {
      showProblems(problems, screen);
      showFleet(summary, screen);
    }
    return isUrgent ? 3 : 0;
  },
};

function showProblems(problems: readonly Json[], screen: Runtime["screen"]): void {
  if (problems.length === 0) screen.say(screen.style("green", "Nothing needs you."));
  for (const { urgency, title, what, action, remedy, devices, since } of problems) {
    const head = `${String(urgency).padEnd(8)}${title ?? what}`;
    screen.say(screen.style(urgency === "urgent" ? "red" : urgency === "soon" ? "yellow" : "bold", head));
    const facts = [devices ? `${devices} devices` : "", since ? `since ${relative(since)}` : ""].filter(
      Boolean,
    );
    if (facts.length > 0) screen.say(screen.style("dim", `        ${facts.join(", ")}`));
    const todo = action ?? remedy;
    if (todo) screen.say(`        ${todo}`);
  }
}

type Counts = Readonly<Record<string, number>>;

function showFleet(summary: Json, screen: Runtime["screen"]): void {
  const devices = summary.devices as Counts;
  const enrolled = summary.enrolled as Json;
  const platforms = Object.entries(enrolled.platforms as Counts).filter(([, count]) => count > 0);
  const silent = enrolled.silent as Counts;
  screen.say();
  screen.heading(`${devices.enrolled} devices are enrolled`);
  screen.facts({
    platforms: platforms.map(([platform, count]) => `${platform} ${count}`).join(", "),
    "not encrypted": (enrolled.encrypted as Counts).no,
    "silent for 7 days": silent.days_7,
    "with failures": enrolled.failed as number,
    pending: devices.pending,
    erased: devices.erased,
  });
}
