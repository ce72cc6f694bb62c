import { setTimeout as delay } from "node:timers/promises";
import { ProblemError } from "../../../client/src/index.ts";
import { nearMiss } from "../../../src/catalog/near-miss.ts";
import { isDestructive } from "../../../src/commands/destructive.ts";
import { Trouble } from "../../trouble.ts";
import { ask } from "../ask.ts";
import { type Command, type Given, type Runtime, WrongCall } from "../command.ts";
import { describe, findDevice } from "../find-device.ts";
import { warnOf } from "../library.ts";
import { type CatalogKey, payloadOf } from "../payload.ts";
import { filterOf, filters } from "./devices.ts";

export const command: Command = {
  words: "DEVICE|--filter RequestType [key=value…]",
  count: [1, Number.POSITIVE_INFINITY],
  options: {
    filter: { help: "to all devices that match the options below, in place of one" },
    ...filters,
    yes: { help: "do not ask before what cannot be undone" },
    confirm: { takes: "N", help: "the number of devices, for what cannot be undone on many" },
    wait: { help: "wait until the device has answered, and show what it said" },
    "dry-run": { help: "check the command and show it, and send nothing" },
  },
  also: "Values are read as Apple's schema says: PIN=123456, Queries=UDID,SerialNumber, Settings.0.Item=DeviceName; key:=JSON takes JSON.",
  async run(given, runtime) {
    const isMany = given.has("filter");
    const [target = "", ...words] = isMany ? ["", ...given.words] : given.words;
    const [requestType, ...assignments] = words;
    if (requestType === undefined) throw new WrongCall(`edgemdm send ${command.words}`);
    const { keys } = await catalogued(requestType, runtime);
    const order: Order = { request_type: requestType, payload: payloadOf(assignments, requestType, keys) };
    return isMany ? sendToMany(order, given, runtime) : sendToOne(order, target, given, runtime);
  },
};

type Order = { request_type: string; payload: Record<string, unknown> };

/** Before anything is sent: is there such a command, and what are its keys? */
async function catalogued(requestType: string, { api }: Runtime): Promise<{ keys: readonly CatalogKey[] }> {
  try {
    return await api.get("/catalog/commands/{request_type}", { path: { request_type: requestType } });
  } catch (fault) {
    if (!(fault instanceof ProblemError) || fault.status !== 404) throw fault;
    const { items } = await api.get("/catalog/commands", { query: { limit: 1000 } });
    const names = items.map((item) => item.request_type);
    const meant = nearMiss(requestType, names);
    throw new Trouble(
      `Apple knows no command ${requestType}${meant ? `; did you mean ${meant}?` : ": edgemdm completion helps with the names"}`,
    );
  }
}

async function sendToOne(order: Order, word: string, given: Given, runtime: Runtime): Promise<number> {
  const { api, screen } = runtime;
  const device = await findDevice(api, word);
  if (given.has("dry-run")) {
    screen.json({ device: device.id, ...order });
    return 0;
  }
  if (isForGood(order.request_type) && !given.has("yes")) {
    if (!screen.isAttended) throw new Trouble(`${order.request_type} cannot be undone: say --yes`);
    const typed = await ask(
      `${order.request_type} cannot be undone. ${describe(device)}\nType 1 to send it: `,
    );
    if (typed !== "1") throw new Trouble("nothing was sent");
  }
  const queued = await api.post("/devices/{id}/commands", { path: { id: device.id }, body: order });
  warnOf(queued, screen);
  if (given.has("wait")) return waitFor({ id: device.id, uuid: queued.uuid }, runtime);
  if (screen.isJson) screen.json(queued);
  else screen.say(`${order.request_type} waits for ${describe(device)} (${queued.uuid})`);
  return 0;
}

const rhythmMs = 1_000;
const waiting = ["queued", "sent", "not_now"];

async function waitFor(path: { id: string; uuid: string }, { api, screen }: Runtime): Promise<number> {
  for (;;) {
    const command = await api.get("/devices/{id}/commands/{uuid}", { path });
    if (!waiting.includes(command.state)) {
      screen.json(command);
      return command.state === "acknowledged" ? 0 : 1;
    }
    await delay(rhythmMs);
  }
}

async function sendToMany(order: Order, given: Given, { api, screen }: Runtime): Promise<number> {
  const filter = filterOf(given);
  const { count = { items: 0, complete: false } } = await api.get("/devices", {
    query: { ...filter, count: true, limit: 1 },
  });
  const many = `${count.complete ? "" : "at least "}${count.items} devices`;
  if (given.has("dry-run")) {
    screen.json({ targets: { filter }, devices: count.items, ...order });
    return 0;
  }
  const confirm = await confirmed(order, many, given, screen);
  const batch = await api.post("/batches", {
    body: { ...order, targets: { filter }, ...(confirm !== undefined && { confirm }) },
  });
  if (screen.isJson) screen.json(batch);
  else screen.say(`${order.request_type} is given to ${many}. How far it is: edgemdm batch ${batch.id}`);
  return 0;
}

async function confirmed(
  { request_type }: Order,
  many: string,
  given: Given,
  screen: Runtime["screen"],
): Promise<number | undefined> {
  const said = given.value("confirm");
  if (said !== undefined) return numberOf(said);
  if (!screen.isAttended) {
    if (isForGood(request_type))
      throw new Trouble(`${request_type} cannot be undone: say --confirm with the number of devices`);
    return undefined;
  }
  const typed = await ask(
    isForGood(request_type)
      ? `${request_type} cannot be undone, and reaches ${many}. Type their number to send it: `
      : `${request_type} reaches ${many}. Send it? [y/N] `,
  );
  if (isForGood(request_type)) return numberOf(typed);
  if (!/^y(es)?$/i.test(typed)) throw new Trouble("nothing was sent");
  return undefined;
}

/** The server decides; this is only about asking in time. */
const isForGood = (requestType: string): boolean => isDestructive(requestType, new Map());

function numberOf(text: string): number {
  const number = Number(text);
  if (text !== "" && Number.isSafeInteger(number)) return number;
  throw new Trouble(`${text || "nothing"} is no number of devices: nothing was sent`);
}
