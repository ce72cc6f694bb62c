// Many events as few lines: one for each kind of event, and for each way it ended.
import type { Schemas } from "../../../../client/api.d.ts";
import type { Tone } from "../../parts/tone.ts";

type Event = Schemas["Event"];

export type Digest = {
  key: string;
  name: string;
  /** What failed, such as a command's type; empty: the name says all. */
  about: string;
  tone: Tone;
  /** Happens by itself all day. */
  routine: boolean;
  count: number;
  /** Each once, the latest first. */
  devices: readonly string[];
  /** The last time. */
  at: string;
};

const bad =
  /failed|refused|trouble$|stuck|unreachable|unanswered|dead_letter|paused|disputed|claimed|replayed|opened$/;
const good = new Set(["device.enrolled", "setup.released", "problem.closed"]);
const routine =
  /^(command\.(queued|not_now|finished)|channel\.enabled|status\.|inventory\.|device\.(seen|authenticated|announced|named)|(profiles|declarations|apps)\.changed|profile\.installed|escrow\.stored|identity\.(renewal_queued|renewed)|attestation\.verified)/;

const ranks: Record<Tone, number> = { bad: 0, warn: 1, good: 2, info: 3, quiet: 4 };

/** Given newest first, as the API lists them. */
export function digestOf(events: readonly Event[]): Digest[] {
  const groups = Map.groupBy(events, keyOf);
  return [...groups]
    .map(([key, [latest, ...earlier]]) => digest(key, latest as Event, earlier))
    .toSorted((left, right) => ranks[left.tone] - ranks[right.tone] || right.at.localeCompare(left.at));
}

const hasFailed = ({ name, detail }: Event): boolean =>
  name === "command.finished" && detail.state !== undefined && detail.state !== "acknowledged";

const aboutOf = (event: Event): string =>
  hasFailed(event) || event.name.startsWith("command.unanswered")
    ? String(event.detail.request_type ?? "")
    : "";

const keyOf = (event: Event): string =>
  [event.name, hasFailed(event) ? "failed" : "", aboutOf(event)].join(" ");

function digest(key: string, latest: Event, earlier: readonly Event[]): Digest {
  const all = [latest, ...earlier];
  const { name, at } = latest;
  const failed = hasFailed(latest);
  const devices = all.map(({ device_id }) => device_id).filter((id) => id !== null);
  return {
    key,
    name,
    about: aboutOf(latest),
    tone: failed || bad.test(name) ? "bad" : good.has(name) ? "good" : "quiet",
    routine: !failed && routine.test(name) && !bad.test(name),
    count: all.length,
    devices: [...new Set(devices)],
    at,
  };
}
