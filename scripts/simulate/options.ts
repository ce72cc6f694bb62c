import { parseArgs } from "node:util";
import { whyNot } from "../arguments.ts";
import type { AccountKind } from "./people.ts";

export type Options = {
  url: URL;
  devices: number;
  seconds: number;
  seed: string;
  concurrency: number;
  /** Between two polls of one device. */
  intervalSeconds: number;
  /** The chance that a device has been given a command before it polls. */
  commandChance: number;
  /** Leave the devices enrolled at the end. */
  keep: boolean;
  /** Devices do not poll: what the server pushes wakes them. */
  apns: boolean;
  /** Devices that can attest their keys, and get their identities by ACME. */
  acme: boolean;
  /** People sign in on their devices: their own ones, or the organization's. */
  accounts: AccountKind | undefined;
  /** Instead of a fleet, one device's way from the factory into service. */
  ade: boolean;
  /** Instead of a fleet, apps from a content token to three devices and back. */
  apps: boolean;
  /** Instead of a fleet, one iPhone that opens this link. */
  link: URL | undefined;
  /** Where the fake of Apple's service is; undefined: it is run here. */
  apple: string | undefined;
};

export const usage = `npm run simulate -- --url URL [options]

  --url URL          the server (default http://localhost:8787)
  --devices N        how many devices to enrol (default 10)
  --seconds S        how long they live (default 30)
  --concurrency C    conversations at the same time (default 8)
  --interval S       seconds between two polls of a device (default 2; 0 for no rest)
  --commands P       how many polls find a new command, from 0 to 1 (default 0.5)
  --seed TEXT        the same seed makes the same devices (default: a new one)
  --keep             leave the devices enrolled; otherwise they check out at the end
  --apns             devices do not poll: a stand-in for Apple's push service wakes them when the server pushes
                     (the server: npm start -- --apns)
  --acme             devices that can attest a key get their identities by ACME, under a root for tests
                     (the server: npm start -- --acme)
  --link URL         instead of a fleet, one iPhone whose owner opens the link of an invitation (edgemdm enroll); it tells
                     what it gets
  --ade              instead of a fleet, one device from the factory into service, as a time line
                     (the server: npm start -- --acme, which believes simulated devices)
  --apps             instead of a fleet, apps on an iPhone, an iPad and a Mac, from the content token to installed and
                     removed, as a time line
  --apple URL        where a fake of Apple's service is already running, for --ade and --apps (default: it is run here)

  --byod, --adde     people sign in on their own phones (user enrollment), or on the organization's devices
                     (account-driven device enrollment); each device also renews its identity before it leaves

The admin token comes from EDGEMDM_TOKEN, else from ADMIN_TOKEN in .dev.vars.`;

export function readOptions(args: readonly string[], now: number): Options | string {
  let values: Record<string, string | boolean | undefined>;
  try {
    values = parseArgs({ args: [...args], options: known, allowPositionals: true }).values;
  } catch (fault) {
    return whyNot({ name: "npm run simulate", options: optionsKnown() }, args, fault);
  }
  if (values.help) return usage;
  const text = (name: string, otherwise: string): string => String(values[name] ?? otherwise);
  const url = URL.parse(text("url", "http://localhost:8787"));
  if (url === null || !/^https?:$/.test(url.protocol))
    return `--url ${text("url", "")} is no http or https address`;

  const options: Options = {
    url,
    devices: Number(text("devices", "10")),
    seconds: Number(text("seconds", "30")),
    seed: text("seed", now.toString(36)),
    concurrency: Number(text("concurrency", "8")),
    intervalSeconds: Number(text("interval", "2")),
    commandChance: Number(text("commands", "0.5")),
    keep: values.keep === true,
    apns: values.apns === true,
    acme: values.acme === true,
    accounts: values.byod ? "byod" : values.adde ? "adde" : undefined,
    ade: values.ade === true,
    apps: values.apps === true,
    link: values.link === undefined ? undefined : (URL.parse(String(values.link)) ?? undefined),
    apple: values.apple === undefined ? undefined : String(values.apple).replace(/\/$/, ""),
  };
  if (values.link !== undefined && options.link === undefined)
    return `--link ${values.link} is no address; edgemdm enroll prints one`;
  if (values.byod && values.adde) return "--byod and --adde are two runs";
  if (!Number.isInteger(options.devices) || options.devices < 1)
    return "--devices must be a whole number from 1";
  if (!Number.isInteger(options.concurrency) || options.concurrency < 1)
    return "--concurrency must be a whole number from 1";
  if (!(options.seconds >= 0) || !(options.intervalSeconds >= 0))
    return "--seconds and --interval must be numbers from 0";
  if (!(options.commandChance >= 0 && options.commandChance <= 1)) return "--commands must be from 0 to 1";
  return options;
}

const known = {
  url: { type: "string" },
  devices: { type: "string" },
  seconds: { type: "string" },
  seed: { type: "string" },
  concurrency: { type: "string" },
  interval: { type: "string" },
  commands: { type: "string" },
  keep: { type: "boolean" },
  apns: { type: "boolean" },
  acme: { type: "boolean" },
  byod: { type: "boolean" },
  adde: { type: "boolean" },
  ade: { type: "boolean" },
  apps: { type: "boolean" },
  link: { type: "string" },
  apple: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

const optionsKnown = () =>
  Object.fromEntries(
    Object.entries(known).map(([name, { type }]) => [
      name,
      { help: "", ...(type === "string" && { takes: "VALUE" }) },
    ]),
  );

export const flags = Object.keys(known).map((name) => `--${name}`);
