import { type Context, Hono } from "hono";
import type { AppEnv } from "./http/app-env.ts";
import { crl } from "./http/device/crl.ts";
import { mdm } from "./http/device/mdm.ts";
import { scep } from "./http/device/scep.ts";
import { faultProblem, noSuchRoute } from "./http/fault.ts";
import { configured, health } from "./http/health.ts";
import { kmfddmPaths } from "./http/kmfddm/paths.ts";
import { nanodepPaths } from "./http/nanodep/paths.ts";
import { traced } from "./http/trace.ts";

/** Where everything is mounted. What devices ask loads nothing that only administrators need. */
export const app = new Hono<AppEnv>();

app.use(traced);
app.route("/", health);
app.use(configured);

app.route("/", mdm);
app.route("/", scep);
app.route("/", crl);

// People open these once for a device: no request of an enrolled one should carry what they load.
app.on(["GET"], ["/enroll", "/enroll/profile"], async (c) => {
  const { enroll } = await import("./http/device/enroll.ts");
  return enroll.fetch(c.req.raw, c.env, c.executionCtx);
});

// Once in a device's life, before it is enrolled.
app.all("/enroll/ade/*", automated);
app.all("/enroll/ade", automated);
app.get("/MDMServiceConfig", automated);

app.all("/acme/*", async (c) => {
  const { acme } = await import("./http/device/acme.ts");
  return acme.fetch(c.req.raw, c.env, c.executionCtx);
});

app.get("/mdm/data/*", async (c) => {
  const { data } = await import("./http/device/data.ts");
  return data.fetch(c.req.raw, c.env, c.executionCtx);
});

app.all("/api/*", async (c) => {
  const { api } = await import("./http/api/app.ts");
  return api.fetch(c.req.raw, c.env, c.executionCtx);
});

for (const path of kmfddmPaths) {
  app.all(path, async (c) => {
    const { kmfddm } = await import("./http/kmfddm/app.ts");
    return kmfddm.fetch(c.req.raw, c.env, c.executionCtx);
  });
}

for (const path of nanodepPaths) {
  app.all(path, async (c) => {
    const { nanodep } = await import("./http/nanodep/app.ts");
    return nanodep.fetch(c.req.raw, c.env, c.executionCtx);
  });
}

async function automated(c: Context<AppEnv>): Promise<Response> {
  const { ade } = await import("./http/device/ade.ts");
  return ade.fetch(c.req.raw, c.env, c.executionCtx);
}

app.notFound(noSuchRoute(app));
app.onError(faultProblem);
