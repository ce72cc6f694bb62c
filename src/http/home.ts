import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { name, version } from "../../package.json";
import type { AppEnv } from "./app-env.ts";
import { page } from "./page.ts";
import { findUnready } from "./readiness.ts";

/** What somebody meets who only knows the address: a page for a person, the same as JSON for a program. */
export const home = new Hono<AppEnv>();

const places = {
  console: { path: "/console/", says: "The console, for daily work: devices, profiles, apps" },
  docs: { path: "/api/docs", says: "What the API can do, call by call" },
  openapi: { path: "/api/openapi.json", says: "The same for programs, as OpenAPI 3.1" },
  ready: { path: "/readyz", says: "What is missing, and what to do about it" },
  enroll: { path: "/enroll", says: "Enroll this device; most servers ask for an invitation" },
} as const;

home.get("/", async (c) => {
  const unready = await findUnready(c.env);
  c.header("Cache-Control", "no-store");
  c.header("Vary", "Accept");
  if (!wantsPage(c)) {
    const links = Object.fromEntries(Object.entries(places).map(([key, { path }]) => [key, path]));
    return c.json({ name, version, status: unready.length === 0 ? "ready" : "not-ready", links });
  }
  return page(c, "edgemdm", homeStyle, homePage(unready));
});

// Cloudflare's asset layer answers these paths. Where the Worker sees one, the console was not uploaded with it.
home.get("/console/*", (c) => {
  c.header("Cache-Control", "no-store");
  c.status(404);
  return page(c, "edgemdm", homeStyle, noConsole);
});

// Browsers ask for this address by themselves, and take a picture of any kind from it.
home.get("/favicon.ico", (c) =>
  c.body(icon, 200, {
    "Content-Type": "image/svg+xml",
    "Cache-Control": "public, max-age=86400",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
  }),
);

const wantsPage = (c: Context): boolean => (c.req.header("Accept") ?? "").includes("text/html");

type Unready = Awaited<ReturnType<typeof findUnready>>;

function homePage(unready: Unready) {
  return html`<main>
<h1>edgemdm <small>${version}</small></h1>
<p>This server manages Apple devices. Administrators work in the console; programs use the API.</p>
${
  unready.length === 0
    ? html`<p class="state good"><strong>Ready.</strong> The server has all it needs to run.</p>`
    : html`<div class="state bad"><strong>Not ready.</strong><ul>${unready.map(({ name: thing, problem, remedy }) => html`<li><code>${thing}</code>: ${problem}. ${remedy}</li>`)}</ul></div>`
}
<h2>Where to go next</h2>
<ul class="places">${Object.values(places).map(({ path, says }) => html`<li><a href="${path}">${path}</a><br>${says}</li>`)}</ul>
</main>`;
}

const noConsole = html`<main>
<h1>The console is not here</h1>
<p>This deployment has no static files. Build the console with <code>npm run console:build</code> and deploy again:
<code>npm run deploy</code> does both. The <a href="/api/docs">API</a> and the command line work without it.</p>
</main>`;

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0a58ca"/><rect x="10" y="5" width="12" height="22" rx="2.5" fill="#fff"/><path d="m13 16 2.3 2.4L19.2 14" fill="none" stroke="#0a58ca" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

const homeStyle = `
body { max-width: 40rem }
small { color: var(--quiet); font-weight: normal; font-size: .5em }
.state { border-radius: .6rem; padding: .7rem 1rem }
.good { background: light-dark(#e2f5e8, #12331f) }
.bad { background: light-dark(#fff3cd, #4a3a00) }
.places { list-style: none; padding: 0 } .places li { margin: .8rem 0 }
`;
