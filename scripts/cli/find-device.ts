// A device by what people know of it: its id, its serial number, its name, or the beginning of one of them.
import { Trouble } from "../trouble.ts";
import { type Api, type Json, Refusal } from "./api.ts";
import { printable } from "./screen.ts";

const mostListed = 8;

export async function findDevice(api: Api, word: string): Promise<Json & { id: string }> {
  const exact = await api.get(`/devices/${encodeURIComponent(word)}`).catch((fault: unknown) => {
    if (fault instanceof Refusal && [400, 404].includes(fault.problem.status)) return undefined;
    throw fault;
  });
  if (exact !== undefined) return exact as Json & { id: string };
  const { items } = await api.get("/devices", { search: word, limit: "50" });
  const found = (items as Json[]).filter((device) => begins(device, word));
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
  return (await api.get(`/devices/${encodeURIComponent(String(one.id))}`)) as Json & { id: string };
}

const namesOf = ({ id, serial, name }: Json): string[] =>
  [id, serial, name].filter((value) => typeof value === "string").map((value) => value.toLowerCase());
const begins = (device: Json, word: string): boolean =>
  namesOf(device).some((name) => name.startsWith(word.toLowerCase()));
const isCalled = (device: Json, word: string): boolean => namesOf(device).includes(word.toLowerCase());

export const describe = ({ id, serial, name }: Json): string =>
  printable([name, serial, id].filter(Boolean).join("  "));
