// A device by what people know of it: its id, its serial number, its name, or the beginning of one of them.
import { Trouble } from "../trouble.ts";
import type { Answer } from "./answers.ts";
import { type Api, Refusal } from "./api.ts";
import { printable } from "./screen.ts";

const mostListed = 8;

export type FoundDevice = Answer<"Device"> & Answer<"DeviceDetail"> & { readonly id: string };

export async function findDevice(api: Api, word: string): Promise<FoundDevice> {
  const exact = await readDevice(api, word).catch((fault: unknown) => {
    if (fault instanceof Refusal && [400, 404].includes(fault.problem.status)) return undefined;
    throw fault;
  });
  if (exact !== undefined) return exact;
  const listed = await api.page<"Device">("/devices", { search: word, limit: "50" });
  const found = listed.filter((device) => begins(device, word));
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
  return readDevice(api, String(one.id));
}

const readDevice = async (api: Api, id: string): Promise<FoundDevice> =>
  (await api.get(`/devices/${encodeURIComponent(id)}`)) as FoundDevice;

type Named = Pick<Answer<"Device">, "id" | "serial" | "name">;

const namesOf = ({ id, serial, name }: Named): string[] =>
  [id, serial, name].filter((value) => typeof value === "string").map((value) => value.toLowerCase());
const begins = (device: Named, word: string): boolean =>
  namesOf(device).some((name) => name.startsWith(word.toLowerCase()));
const isCalled = (device: Named, word: string): boolean => namesOf(device).includes(word.toLowerCase());

export const describe = ({ id, serial, name }: Named): string =>
  printable([name, serial, id].filter(Boolean).join("  "));
