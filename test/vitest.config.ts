import { availableParallelism } from "node:os";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const libraries = [
  "drizzle-orm",
  "drizzle-orm/d1",
  "drizzle-orm/sqlite-core",
  "hono",
  "hono/route",
  "valibot",
];

/** A Worker of our settings, for tests that run within it. */
const inWorkerd = () =>
  cloudflareTest(async () => ({
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: {
      bindings: {
        TEST_MIGRATIONS: await readD1Migrations("./migrations"),
        MASTER_KEY: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        ADMIN_TOKEN: "test-admin-token-test-admin-token-test-admin",
        PUBLIC_URL: "https://mdm.example.com",
        FUZZ_REQUESTS: process.env.FUZZ_REQUESTS ?? "3000",
      },
      outboundService: () => new Response("no test may reach the network", { status: 599 }),
    },
  }));

/** What keeps nothing: its files share one Worker, which is loaded once. */
const withoutState = [
  "ade",
  "base",
  "catalog",
  "declarations",
  "mdm",
  "pki",
  "plist",
  "profiles",
  "push",
  "scep",
].map((room) => `test/${room}/**/*.test.ts`);

// Three projects, one run. `*.test.ts` runs inside workerd, with real D1 and Durable Objects where there is state to keep;
// `*.node.test.ts` runs in Node: tools, real sockets, other people's programs.
// No test may reach the network: whatever the Worker fetches is answered 599.
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    silent: "passed-only", // every request writes a log line
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
          // Each file loads the Worker anew: libraries in one piece each load in half the time.
          deps: { optimizer: { ssr: { enabled: true, include: libraries } } },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: "protocol",
          include: withoutState,
          exclude: ["test/**/*.node.test.ts"],
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "node",
          environment: "node",
          include: ["test/**/*.node.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
