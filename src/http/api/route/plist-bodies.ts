import type { Context } from "hono";

/** Content types of property lists; most clients send binary ones with a generic type. */
export const plistTypes = [
  "application/xml",
  "text/xml",
  "application/x-plist",
  "application/octet-stream",
] as const;

/** Whether the caller asks for a property list rather than JSON. */
export const wantsPlist = (c: Context): boolean => {
  const wanted = (c.req.header("Accept") ?? "")
    .split(",")
    .map((type) => type.split(";")[0]?.trim().toLowerCase());
  const first = wanted.find((type) => type === "application/json" || type === "*/*" || isPlist(type));
  return isPlist(first);
};

const isPlist = (type: string | undefined): boolean => plistTypes.some((plist) => plist === type);
