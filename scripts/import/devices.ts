// Tags, notes, attributes and people of devices, by their serial numbers. What a device has already is not sent, so a second run
// changes only what is new, and reaches the devices that enrolled in between.
import { setTimeout as delay } from "node:timers/promises";
import { type Answer, type RequestInput, request } from "../request.ts";
import { Trouble } from "../trouble.ts";
import { type Row, readCsv } from "./csv.ts";
import { personColumns, personOf } from "./person.ts";
import { contentOf, type Import, type Imported } from "./read-file.ts";

type Device = {
  id: string;
  person_id: string | null;
  tags: string[];
  notes: string;
  attributes: Record<string, string>;
};
type Change = { person_id?: string; tags?: string[]; notes?: string; attributes?: Record<string, string> };
type Said = { count: "changed" | "same" | "waiting" | "failed"; text: string };

const known = ["serial_number", "tags", "notes", ...personColumns];

export async function importDevices({ file, origin, token }: Import): Promise<Imported> {
  const rows = readCsv(contentOf(file).toString());
  if (rows[0] && !rows[0].cells.has("serial_number"))
    throw new Trouble("the table needs a column serial_number");
  const counts = { changed: 0, same: 0, waiting: 0, failed: 0 };
  for (const row of rows) {
    const serial = row.cells.get("serial_number") ?? "";
    const said = await give(row, serial, { origin, token });
    counts[said.count] += 1;
    console.log(`line ${row.line} ${serial || "(no serial number)"}: ${said.text}`);
  }
  console.log(
    `${counts.changed} changed, ${counts.same} had it already, ${counts.waiting} not enrolled yet, ${counts.failed} failed`,
  );
  return { failed: counts.failed };
}

type Server = { origin: string; token: string };

async function give(row: Row, serial: string, server: Server): Promise<Said> {
  if (serial === "") return { count: "failed", text: "failed: the line has no serial number" };
  const found = await ask(server, `/devices?state=enrolled&serial=${encodeURIComponent(serial)}`);
  if (found.status !== 200) return failed(found);
  const devices = JSON.parse(found.body).items as Device[];
  if (devices.length === 0) return { count: "waiting", text: "not enrolled yet; run this again later" };
  const [device] = devices;
  if (device === undefined || devices.length > 1)
    return { count: "failed", text: `failed: ${devices.length} enrolled devices have this number` };
  const person = await personOf(row, (path, input) => ask(server, path, input));
  if (typeof person === "object") return failed(person);
  const change = {
    ...changeOf(row, device),
    ...(person !== undefined && person !== device.person_id && { person_id: person }),
  };
  if (Object.keys(change).length === 0) return { count: "same", text: "has it already" };
  const path = `/devices/${encodeURIComponent(device.id)}`;
  const answer = await ask(server, path, { method: "PATCH", json: change });
  return answer.status === 200
    ? { count: "changed", text: `changed (${Object.keys(change).join(", ")})` }
    : failed(answer);
}

/** Only what differs. Tags are added to those that it has; an empty cell changes nothing. */
function changeOf({ cells }: Row, device: Device): Change {
  const wanted = (cells.get("tags") ?? "").split(/[,;]/).map((tag) => tag.trim());
  const tags = [...new Set([...device.tags, ...wanted.filter(Boolean)])];
  const notes = cells.get("notes") ?? "";
  const attributes = Object.fromEntries(
    [...cells].filter(
      ([name, value]) =>
        name !== "" && !known.includes(name) && value !== "" && device.attributes[name] !== value,
    ),
  );
  return {
    ...(tags.length > device.tags.length && { tags }),
    ...(notes !== "" && notes !== device.notes && { notes }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

const tries = 5;

async function ask(
  { origin, token }: Server,
  path: string,
  input: Omit<RequestInput, "token"> = {},
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await request(`${origin}/api/v1${path}`, { ...input, token }).catch(
      (error: Error) => error,
    );
    if (!(answer instanceof Error) && answer.status === 401)
      throw new Trouble("the server does not know this token");
    const isPassing = answer instanceof Error || answer.status === 429 || answer.status >= 500;
    if (!isPassing) return answer;
    if (attempt === tries)
      throw new Trouble(
        `${origin} does not serve: ${answer instanceof Error ? answer.message : answer.status}; run this again later`,
      );
    await delay(1_000 * attempt);
  }
}

function failed({ status, body }: Answer): Said {
  let why = body.slice(0, 200);
  try {
    const { title, detail, errors } = JSON.parse(body);
    why = errors?.[0] ? `${errors[0].pointer} ${errors[0].detail}` : (detail ?? title);
  } catch {
    // What it said is shown as it is.
  }
  return { count: "failed", text: `failed: ${status} ${why}` };
}
