import type { Schemas } from "../../../client/src/index.ts";
import type { Command, Runtime } from "../command.ts";
import { relative } from "../times.ts";

export const command: Command = {
  also: "The exit code is 3 if something urgent needs you, so that a script can tell.",
  async run(_given, { api, screen }) {
    const [{ items: problems }, job, summary] = await Promise.all([
      api.get("/problems"),
      api.get("/jobs/{kind}", { path: { kind: "problems" } }),
      api.get("/summary"),
    ]);
    const looked = lookOf(job.run);
    const isUrgent = problems.some(({ urgency }) => urgency === "urgent");
    if (screen.isJson) screen.json({ problems, looked_at: looked.at, summary });
    else {
      showProblems(problems, looked, screen);
      showFleet(summary, screen);
    }
    return isUrgent ? 3 : 0;
  },
};

type Look = { at: string | null; words: string; isRecent: boolean };

/** The server looks every hour. */
const recentMs = 2 * 60 * 60_000;

/** When the server last looked for problems: without a look, an empty list says nothing. */
function lookOf(run: Schemas["JobRun"] | null): Look {
  if (run === null)
    return { at: null, words: "The server has not looked for problems yet.", isRecent: false };
  const { state, started_at, finished_at, outcome } = run;
  if (finished_at === null)
    return {
      at: null,
      words: `The server began to look for problems ${ago(started_at)} and has not finished.`,
      isRecent: false,
    };
  if (state !== "done")
    return {
      at: null,
      words: `The last look for problems ended ${ago(finished_at)}: ${outcome}`,
      isRecent: false,
    };
  const isRecent = Date.now() - Date.parse(finished_at) < recentMs;
  const late = isRecent ? "" : " It should look every hour: its scheduled work does not run.";
  return { at: finished_at, words: `The server looked for problems ${ago(finished_at)}.${late}`, isRecent };
}

const ago = (time: string): string => relative(time).replace(/^now$/, "just now");

function showProblems(
  problems: readonly Schemas["ProblemEntry"][],
  looked: Look,
  screen: Runtime["screen"],
): void {
  if (problems.length === 0 && looked.isRecent) screen.say(screen.style("green", "Nothing needs you."));
  for (const { urgency, title, what_to_do, devices, since } of problems) {
    const head = `${urgency.padEnd(8)}${title}`;
    screen.say(screen.style(urgency === "urgent" ? "red" : urgency === "soon" ? "yellow" : "bold", head));
    const facts = [devices ? `${devices} devices` : "", since ? `since ${relative(since)}` : ""].filter(
      Boolean,
    );
    if (facts.length > 0) screen.say(screen.style("dim", `        ${facts.join(", ")}`));
    screen.say(`        ${what_to_do}`);
  }
  screen.say(screen.style(looked.isRecent ? "dim" : "yellow", looked.words));
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
