// A device by what people know of it: its id, its serial number, its name, or the beginning of one of them.
import { type Client, ProblemError, type Schemas } from "../../client/src/index.ts";
import { Trouble } from "../trouble.ts";
import { printable } from "./screen.ts";

const mostListed = 8;

export type FoundDevice = Schemas["DeviceDetail"];

export async function findDevice(api: Client, word: string): Promise<FoundDevice> {
  const exact = await readDevice(api, word).catch((fault: unknown) => {
    if (fault instanceof ProblemError && [400, 404].includes(fault.status)) return undefined;
    throw fault;
  });
  if (exact !== undefined) return exact;
  const listed = await api.get("/devices", { query: { search: word, limit: 50 } });
  const found = listed.items.filter((device) => begins(device, word));
  const same = found.filter((device) => isCalled(device, word));
  const [one, ...others] = same.length === 1 ? same : found;
  if (one === undefined)
    throw new Trouble(`no device has an id, serial number or name that begins with ${printable(word)}`);
  if (others.length > 0)
    throw new Trouble(
      [
        `several devices begin with ${printable(word)}:`,
        ...[one, ...others].slice(0, mostListed).map((device) => `  ${describe(device)}`),
        ...(others.length >= mostListed ? ["  …"] : []),
      ].join("\n"),
    );
  return readDevice(api, one.id);
}

const readDevice = (api: Client, id: string): Promise<FoundDevice> =>
  api.get("/devices/{id}", { path: { id } });

type Named = Pick<Schemas["Device"], "id" | "serial" | "name">;

const namesOf = ({ id, serial, name }: Named): string[] =>
  [id, serial, name].flatMap((value) => (value === null ? [] : [value.toLowerCase()]));
const begins = (device: Named, word: string): boolean =>
  namesOf(device).some((name) => name.startsWith(word.toLowerCase()));
const isCalled = (device: Named, word: string): boolean => namesOf(device).includes(word.toLowerCase());

export const describe = ({ id, serial, name }: Named): string =>
  printable([name, serial, id].filter(Boolean).join("  "));
