import { type Context, Hono } from "hono";
import type { AppEnv } from "./http/app-env.ts";
import { accountPaths } from "./http/device/account/paths.ts";
import { mdm } from "./http/device/mdm.ts";
import { scep } from "./http/device/scep.ts";
import { faultProblem, noSuchRoute } from "./http/fault.ts";
import { configured, health } from "./http/health.ts";
import { kmfddmPaths } from "./http/kmfddm/paths.ts";
import { nanocmdPaths } from "./http/nanocmd/paths.ts";
import { nanodepPaths } from "./http/nanodep/paths.ts";
import { nanomdmPaths } from "./http/nanomdm/paths.ts";
import { limitStrangers } from "./http/rate-limit.ts";
import { traced } from "./http/trace.ts";

/** Where everything is mounted. What devices ask loads nothing that only administrators need. */
export const app = new Hono<AppEnv>();

app.use(traced);
app.route("/", health);
// For people, and answered also while something is missing.
app.on(["GET"], ["/", "/favicon.ico", "/console/*"], async (c) => {
  const { home } = await import("./http/home.ts");
  return home.fetch(c.req.raw, c.env, c.executionCtx);
});
app.use(configured);

app.route("/", mdm);
app.route("/", scep);

// People open these once for a device: no request of an enrolled one should carry what they load.
app.on(["GET"], ["/enroll", "/enroll/profile"], async (c) => {
  const { enroll } = await import("./http/device/enroll.ts");
  return enroll.fetch(c.req.raw, c.env, c.executionCtx);
});

for (const path of [...accountPaths, "/enroll/ade", "/enroll/ade/*", "/sign-in/*"])
  app.use(path, limitStrangers);

app.on(["GET", "POST"], accountPaths, async (c) => {
  const { account } = await import("./http/device/account/app.ts");
  return account.fetch(c.req.raw, c.env, c.executionCtx);
});

app.on(["GET", "POST"], ["/me", "/sign-in/*", "/sign-out"], async (c) => {
  const { signIn } = await import("./http/sign-in/app.ts");
  return signIn.fetch(c.req.raw, c.env, c.executionCtx);
});

// A person at a managed device.
app.use("/shelf/*", limitStrangers);
app.on(["GET", "POST"], "/shelf/*", async (c) => {
  const { shelf } = await import("./http/shelf/app.ts");
  return shelf.fetch(c.req.raw, c.env, c.executionCtx);
});

// Other systems ask for it, no device of ours.
app.get("/crl/:file{[0-9a-f]{16}\\.crl}", async (c) => {
  const { crl } = await import("./http/device/crl.ts");
  return crl.fetch(c.req.raw, c.env, c.executionCtx);
});

// Once in a device's life, before it is enrolled.
app.all("/enroll/ade/*", automated);
app.all("/enroll/ade", automated);
app.get("/MDMServiceConfig", automated);

// Apple's own servers tell what changes in Apps and Books.
app.post("/apple/apps-and-books/:location", limitStrangers, async (c) => {
  const { appleNotifications } = await import("./http/apple/notifications.ts");
  return appleNotifications.fetch(c.req.raw, c.env, c.executionCtx);
});

app.all("/acme/*", async (c) => {
  const { acme } = await import("./http/device/acme.ts");
  return acme.fetch(c.req.raw, c.env, c.executionCtx);
});

app.get("/mdm/data/*", async (c) => {
  const { data } = await import("./http/device/data.ts");
  return data.fetch(c.req.raw, c.env, c.executionCtx);
});

// What installers fetch, by links that let them in.
app.get("/packages/*", async (c) => {
  const { packageFiles } = await import("./http/packages/app.ts");
  return packageFiles.fetch(c.req.raw, c.env, c.executionCtx);
});

// The APIs of other tools. NanoHUB has them all, each below a prefix of its own.
const kmfddm = async () => (await import("./http/kmfddm/app.ts")).kmfddm;
const nanomdm = async () => (await import("./http/nanomdm/app.ts")).nanomdm;
const nanocmd = async () => (await import("./http/nanocmd/app.ts")).nanocmd;
for (const path of nanodepPaths) {
  app.all(path, async (c) => {
    const { nanodep } = await import("./http/nanodep/app.ts");
    return nanodep.fetch(c.req.raw, c.env, c.executionCtx);
  });
}
for (const [paths, prefix, load] of [
  [kmfddmPaths, "/api/v1/ddm", kmfddm],
  [nanomdmPaths, "/api/v1/nanomdm", nanomdm],
  [nanocmdPaths, "/api/v1/nanocmd", nanocmd],
] as const) {
  for (const path of paths)
    app.all(path, async (c) => (await load()).fetch(c.req.raw, c.env, c.executionCtx));
  app.all(`${prefix}/*`, async (c) => {
    const address = c.req.url.replace(prefix, "/v1");
    return (await load()).fetch(new Request(address, c.req.raw), c.env, c.executionCtx);
  });
}

app.all("/mcp", async (c) => {
  const { mcp } = await import("./http/mcp/app.ts");
  return mcp.fetch(c.req.raw, c.env, c.executionCtx);
});

app.all("/api/*", async (c) => {
  const { api } = await import("./http/api/app.ts");
  return api.fetch(c.req.raw, c.env, c.executionCtx);
});

app.notFound(noSuchRoute(app));
app.onError(faultProblem);

async function automated(c: Context<AppEnv>): Promise<Response> {
  const { ade } = await import("./http/device/ade.ts");
  return ade.fetch(c.req.raw, c.env, c.executionCtx);
}
