// `npm run simulate`: a fleet of faithful devices against any running server. They enrol, poll, answer commands with
// plausible data, and the run ends with what it saw: figures, latencies, errors by kind. Exit code 1 if there were any.
import { resolve } from "node:path";
import { adminToken } from "./admin-token.ts";
import { takenByNpm, withoutDashes } from "./npm-flags.ts";
import { progressLine } from "./progress-line.ts";
import { Admin } from "./simulate/admin.ts";
import { Figures } from "./simulate/figures.ts";
import { Fleet } from "./simulate/fleet.ts";
import { flags, type Options, readOptions, usage } from "./simulate/options.ts";
import { People } from "./simulate/people.ts";
import { Pushes } from "./simulate/pushes.ts";
import { Trouble } from "./trouble.ts";

const project = resolve(import.meta.dirname, "..");
const args = process.argv.slice(2);
const taken = takenByNpm(flags, args, process.env);
const options = taken.length > 0 ? withoutDashes("npm run simulate", taken) : readOptions(args, Date.now());
if (typeof options === "string") {
  if (options === usage) console.log(options);
  else console.error(options);
  process.exitCode = options === usage ? 0 : 2;
} else {
  const token = adminToken(resolve(project, ".dev.vars"));
  // Whoever has a link needs no more.
  if (token || options.link) process.exitCode = await simulate(options, token ?? "").catch(troubled);
  else {
    console.error("no admin token: set EDGEMDM_TOKEN, or run this beside the .dev.vars of `npm start`");
    process.exitCode = 2;
  }
}

function troubled(fault: unknown): number {
  if (!(fault instanceof Trouble)) throw fault;
  console.error(fault.message);
  return 2;
}

async function simulate(options: Options, token: string): Promise<number> {
  if (options.ade) {
    const { tellStory } = await import("./simulate/ade-story.ts");
    return (await tellStory({ ...options, token })) ? 0 : 1;
  }
  if (options.apps) {
    const { tellAppsStory } = await import("./simulate/apps-story.ts");
    return (await tellAppsStory({ ...options, token })) ? 0 : 1;
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  if (options.link) {
    const { openLink } = await import("./simulate/link-story.ts");
    return (await openLink({ ...options, link: options.link, stop: stop.signal })) ? 0 : 1;
  }
  const figures = new Figures();
  const admin = new Admin(options.url, token, figures);
  const pushes = options.apns ? await Pushes.start(project, admin) : undefined;
  const people = options.accounts && (await People.start(options.url, admin, options.accounts));
  const fleet = new Fleet(options, admin, figures, stop.signal, { pushes, people });
  console.log(`${options.devices} devices against ${options.url.origin}, seed ${options.seed}`);

  const started = Date.now();
  let until = Number.POSITIVE_INFINITY;
  const show = progressLine();
  const ticker = setInterval(() => {
    const left = until === Number.POSITIVE_INFINITY ? options.seconds : (until - Date.now()) / 1000;
    show(figures.progress(options.devices, left));
  }, 250);

  await fleet.enrol();
  const livingSince = Date.now();
  until = livingSince + options.seconds * 1000;
  if (figures.enrolled > 0) await fleet.live(until);
  if (!stop.signal.aborted) await fleet.settle();

  clearInterval(ticker);
  await people?.stop();
  figures.pushes = pushes?.received;
  await pushes?.stop();
  show(figures.progress(options.devices, 0), true);
  const seconds = (Date.now() - livingSince) / 1000;
  console.log(`\n${figures.summary(options.devices, seconds)}`);
  if (!admin.takesCommands) console.log("no command was queued: the server has no API for them");
  if (stop.signal.aborted) console.log(`stopped after ${Math.round((Date.now() - started) / 1000)} s`);
  const complete = stop.signal.aborted || figures.enrolled === options.devices;
  return figures.errors === 0 && complete ? 0 : 1;
}
