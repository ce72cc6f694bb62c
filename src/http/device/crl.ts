import { loadAuthorities } from "../../enrollment/authority.ts";
import { revocationList } from "../../enrollment/revocation-list.ts";
import { problem } from "../api/route/problem.ts";
import { deviceDoor } from "./door.ts";

/** Revocation lists, for other systems that trust our authorities. */
export const crl = deviceDoor();

crl.get("/crl/:file{[0-9a-f]{16}\\.crl}", async (c) => {
  const id = c.req.param("file").slice(0, -".crl".length);
  const now = Date.now();
  const authority = (await loadAuthorities(c.env, now)).find((one) => one.id === id);
  if (!authority?.sealedKey) return problem(c, "not-found", `no authority has the id ${id}`);
  return c.body(await revocationList(c.env, authority, now), 200, {
    "Content-Type": "application/pkix-crl",
    "Cache-Control": "public, max-age=60",
  });
});
