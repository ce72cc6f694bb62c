import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { GenericSchema } from "valibot";
import type { ApiEnv } from "./api-env.ts";
import { routeOfRequest } from "./route-line.ts";
import { entriesOf, itemOf } from "./schemas.ts";

/**
 * Every list as a table (RFC 4180), for requests with `Accept: text/csv`. The columns are the fields of an item, so they
 * are the same for each page; those of an object within have its name before theirs, and what has many values is JSON.
 *
 * The surprise: a cell that a spreadsheet would take for a formula gets an apostrophe in front. Names come from devices.
 */
export const csvType = "text/csv";

export const wantsCsv = (c: Context): boolean => {
  const wanted = (c.req.header("Accept") ?? "")
    .split(",")
    .map((type) => type.split(";")[0]?.trim().toLowerCase());
  return wanted.find((type) => [csvType, "application/json", "*/*"].includes(type ?? "")) === csvType;
};

/** Turns the JSON of a list into a table. The first page alone has the names of the columns, so that pages can be joined. */
export const tables = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  if (!wantsCsv(c) || c.res.status !== 200 || !isJson(c.res)) return;
  const item = itemOfRoute(c);
  if (item === undefined) return;
  const { items, next_cursor } = (await c.res.json()) as Page;
  const isFirst = c.req.query("cursor") === undefined;
  c.res = new Response(tableOf(item, items, isFirst), {
    headers: {
      "Content-Type": `${csvType}; charset=utf-8; header=${isFirst ? "present" : "absent"}`,
      Vary: "Accept",
      ...(next_cursor ? { Link: `<${addressOfNext(c, next_cursor)}>; rel="next"` } : {}),
    },
  });
});

export function tableOf(item: GenericSchema, items: readonly unknown[], withNames = true): string {
  const columns = columnsOf(item);
  const names = withNames ? [columns.map((path) => path.join("."))] : [];
  return writeCsv([...names, ...rowsOf(columns, items)]);
}

type Page = { items: unknown[]; next_cursor?: string | null };
type Path = readonly string[];

const itemOfRoute = (c: Context): GenericSchema | undefined => {
  const answer = routeOfRequest(c).answers?.[200];
  return answer === undefined || typeof answer === "string" ? undefined : itemOf(answer);
};

const isJson = (answer: Response): boolean =>
  answer.headers.get("Content-Type")?.startsWith("application/json") === true;

/** No field at all: the item is one value. */
function columnsOf(item: GenericSchema): Path[] {
  const entries = entriesOf(item);
  if (entries === undefined) return [["value"]];
  return Object.entries(entries).flatMap(([name, schema]): Path[] => {
    const inner = entriesOf(schema);
    return inner ? Object.keys(inner).map((one) => [name, one]) : [[name]];
  });
}

const rowsOf = (columns: readonly Path[], items: readonly unknown[]): unknown[][] =>
  items.map((item) =>
    columns.map((path) => (typeof item === "object" && item !== null ? valueAt(item, path) : item)),
  );

const valueAt = (item: object, path: Path): unknown =>
  path.reduce<unknown>(
    (at, name) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, name)
        ? at[name as keyof typeof at]
        : undefined,
    item,
  );

export const writeCsv = (rows: readonly (readonly unknown[])[]): string =>
  rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = harmless(typeof value === "string" ? value : JSON.stringify(value));
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// https://owasp.org/www-community/attacks/CSV_Injection, and the wide forms that a spreadsheet takes for the same.
const harmless = (text: string): string =>
  /^[\s\p{Cc}]*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r\n]/u.test(text) ? `'${text}` : text;

function addressOfNext(c: Context, cursor: string): string {
  const address = new URL(c.req.url);
  address.searchParams.set("cursor", cursor);
  return address.pathname + address.search;
}
