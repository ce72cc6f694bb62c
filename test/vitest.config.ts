import { availableParallelism } from "node:os";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { testAttestationRoot } from "./support/apple-device/attestation-root.ts";
import { memoryFolder } from "./support/node/memory-folder.ts";
import { PlanReporter } from "./support/node/plan-reporter.ts";
import { SilenceReporter } from "./support/node/silence-reporter.ts";
import { TimeReporter } from "./support/node/time-reporter.ts";

/** In one piece each they load in half the time. */
const inOnePiece = (include: string[]) => ({ optimizer: { ssr: { enabled: true, include } } });

const ofCertificates = ["pkijs", "@peculiar/x509", "asn1js", "fast-xml-parser", "jose"];
const ofDirectory = [
  "drizzle-orm",
  "drizzle-orm/d1",
  "drizzle-orm/sqlite-core",
  "hono",
  "hono/route",
  "valibot",
];

const secrets = {
  MASTER_KEY: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
  ADMIN_TOKEN: "test-admin-token-test-admin-token-test-admin",
};
// Wrangler warns of secrets that it finds neither in a file nor here, before it looks at the bindings below.
Object.assign(process.env, secrets);
// Every process of a run compiles the same megabytes: workers of vitest, wrangler, the scripts under test.
process.env.NODE_COMPILE_CACHE ??= new URL("../node_modules/.cache/node", import.meta.url).pathname;
// Nor does it ask Cloudflare for a sample of what a request brings along.
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
// What Workers store, and what tests put into folders for a moment, goes there.
Object.assign(process.env, memoryFolder());

/** A Worker of our settings, for tests that run within it. */
const inWorkerd = () =>
  cloudflareTest(async () => ({
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: {
      r2Buckets: ["PACKAGES"],
      bindings: {
        TEST_MIGRATIONS: await readD1Migrations("./migrations"),
        ...secrets,
        PUBLIC_URL: "https://mdm.example.com",
        GDMF_URL: "https://localhost:9/v2/pmv",
        QUEUED_NEWS_SECONDS: "1",
        FUZZ_REQUESTS: process.env.FUZZ_REQUESTS ?? "1000",
        ATTESTATION_ROOTS: testAttestationRoot,
        DEVICE_AUTHORITIES: testAttestationRoot,
      },
      outboundService: () => new Response("no test may reach the network", { status: 599 }),
    },
  }));

/** What keeps nothing, and needs no database. */
const withoutState = [
  "ade",
  "apns",
  "acme",
  "base",
  "catalog",
  "declarations",
  "gdmf",
  "mcp",
  "mdm",
  "pki",
  "plist",
  "profiles",
  "scep",
].map((room) => `test/${room}/**/*.test.ts`);

/** Far longer than any test takes on two busy cores: a limit for what hangs, and no measure of speed. */
const slowMachine = 300_000;

// Three projects, one run. `*.test.ts` runs inside workerd, with real D1 and Durable Objects where there is state to keep;
// `*.node.test.ts` runs in Node: tools, real sockets, other people's programs.
// No test may reach the network: whatever the Worker fetches is answered 599.
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    silent: "passed-only", // every request writes a log line
    reporters: ["default", new PlanReporter(), new SilenceReporter(), new TimeReporter()],
    maxWorkers: Math.max(2, availableParallelism() - 1), // by itself it leaves one of two cores idle
    coverage: {
      provider: "istanbul",
      include: ["src/**/*.ts"],
      exclude: ["src/catalog/data/**", "src/worker-configuration.d.ts"],
      reporter: ["text-summary"],
    },
    projects: [
      {
        plugins: [inWorkerd()],
        test: {
          name: "worker",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.node.test.ts", ...withoutState],
          setupFiles: ["./test/support/setup.ts"],
          // Files share one Worker, which is loaded once: `setup.ts` empties it before each.
          isolate: false,
          runner: "./test/support/module-runner.ts",
          deps: inOnePiece([...ofDirectory, ...ofCertificates]),
          testTimeout: slowMachine,
          hookTimeout: slowMachine,
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: "protocol",
          include: withoutState,
          exclude: ["test/**/*.node.test.ts"],
          isolate: false,
          runner: "./test/support/module-runner.ts",
          deps: inOnePiece([...ofCertificates, "fast-check"]),
          testTimeout: slowMachine,
          hookTimeout: slowMachine,
        },
      },
      {
        test: {
          name: "node",
          environment: "node",
          include: ["test/**/*.node.test.ts"],
          testTimeout: slowMachine,
          hookTimeout: slowMachine,
        },
      },
    ],
  },
});
