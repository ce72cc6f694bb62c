// `npm run drill:pushy`: our push client, in workerd, against APNs servers that others wrote: pushy's, from Maven. They
// know every reason for which Apple refuses a push. Where Java or Maven is not there, the drill says so and ends well.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { PushOutcome } from "../../src/apns/apns.ts";
import { PushWorker, pushOrder } from "../../test/support/node/push-worker.ts";
import type { PushOrder, PushReport } from "../../test/support/push-order.ts";
import { type TestPki, testClient, testIdentity, testPki, testTopic } from "../../test/support/test-pki.ts";
import { readArguments } from "../arguments.ts";
import { runInFolder } from "../bare/in-folder.ts";
import { startProgram } from "../children.ts";
import { Trouble } from "../trouble.ts";

const here = resolve(import.meta.dirname, "pushy");
const pushes = 5000;
const token = (last: number) => last.toString(16).padStart(64, "0");
const [good, expired, stranger] = [token(1), token(2), token(3)];
const since = 1_700_000_000_000;

type Servers = { ports: Record<string, number>; reasons: string[] };

await runInFolder("pushy", async (folder) => {
  readArguments({
    name: "npm run drill:pushy",
    does: "Our push client against the APNs servers of pushy. Skipped where Java or Maven is not there.",
    options: {},
  });
  const missing = whatIsMissing(folder);
  if (missing !== undefined) {
    console.log(`skipped: ${missing}`);
    return;
  }
  const pki = await testPki("RSA-2048", "RSA-2048");
  const servers = await startServers(folder, pki);
  const worker = await PushWorker.start();
  try {
    await drill(worker, pki, servers);
  } finally {
    await worker.stop();
  }
});

function whatIsMissing(folder: string): string | undefined {
  for (const program of ["javac", "mvn"]) {
    if (spawnSync(program, ["-version"], { stdio: "ignore" }).error) return `${program} is not installed`;
  }
  const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${join(folder, "lib")}`];
  const fetching = spawnSync("mvn", ["-q", "-B", "-f", join(here, "pom.xml"), ...goal], {
    encoding: "utf8",
    timeout: 60_000,
  });
  return fetching.status === 0
    ? undefined
    : `pushy cannot be fetched from Maven: ${fetching.stdout.slice(0, 300)}`;
}

async function startServers(folder: string, { root, server }: TestPki): Promise<Servers> {
  writeFileSync(join(folder, "server.pem"), server.certificatePem);
  writeFileSync(join(folder, "server-key.pem"), server.keyPem);
  writeFileSync(join(folder, "root.pem"), root.certificatePem);
  const classes = join(folder, "lib", "*");
  const args = ["-cp", classes, join(here, "PushyServer.java"), folder, testTopic, good, expired, stranger];
  const java = startProgram("java", args, { stdio: ["pipe", "pipe", "ignore"] });
  const servers: Servers = { ports: {}, reasons: [] };
  if (java.stdout === null) throw new Error("a pipe was asked for");
  for await (const line of createInterface({ input: java.stdout })) {
    const [word = "", value = ""] = line.split(" ");
    if (word === "ready") return servers;
    if (word === "reason") servers.reasons.push(asApplesName(value));
    else servers.ports[word] = Number(value);
  }
  throw new Trouble("pushy's servers did not start");
}

/** BAD_DEVICE_TOKEN is BadDeviceToken on the wire. */
function asApplesName(constant: string): string {
  return constant.toLowerCase().replaceAll(/(?:^|_)([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

async function drill(worker: PushWorker, pki: TestPki, { ports, reasons }: Servers): Promise<void> {
  const push = (server: string, more: Partial<PushOrder>, as = pki.client) =>
    worker.push(pushOrder(ports[server] ?? 0, { root: pki.root, client: as }, more));

  const { outcomes, refusal } = await push("strict", { tokens: [good, expired, stranger] });
  if (refusal !== undefined) throw new Trouble(`no connection: ${refusal.reason}: ${refusal.detail}`);
  expectOutcomes("a strict server", outcomes, [
    { outcome: "delivered" },
    { outcome: "unregistered", reason: "Unregistered", since },
    { outcome: "token-for-other-topic", reason: "DeviceTokenNotForTopic" },
  ]);
  const elsewhere = await push("strict", { tokens: [stranger], topic: "com.example.other" });
  expectOutcomes("another topic", elsewhere.outcomes, [{ outcome: "topic-trouble", reason: "BadTopic" }]);
  console.log("strict: delivered, expired, another's token and another's topic are told apart");

  const unknown = await testClient(await testIdentity({ commonName: "Stranger", isCa: true }), "RSA-2048");
  const refused = refusalOf(await push("strict", { tokens: [good] }, unknown));
  if (refused !== "certificate-refused" && refused !== "certificate-trouble") {
    throw new Trouble(`a stranger's certificate ended as ${refused}`);
  }
  console.log(`strict: a stranger's certificate is ${refused}`);

  const told = await push("refusing", { tokens: reasons.map((_reason, index) => token(index)) });
  expectOutcomes(
    "a refusing server",
    told.outcomes,
    reasons.map((reason) => ({ reason })),
  );
  const kinds = [...new Set(told.outcomes.map(({ outcome }) => outcome))];
  console.log(`refusing: each of ${reasons.length} reasons is heard as it was said (${kinds.join(", ")})`);

  const tokens = Array.from({ length: pushes }, (_, index) => token(index));
  const many = await push("accepting", { tokens });
  expectOutcomes(
    "an accepting server",
    many.outcomes,
    tokens.map(() => ({ outcome: "delivered" })),
  );
  console.log(`accepting: ${pushes} pushes over one connection in ${Math.round(many.pushMs)} ms`);
}

function refusalOf({ refusal, outcomes: [first] }: PushReport): string {
  return refusal?.reason ?? first?.outcome ?? "nothing";
}

function expectOutcomes(
  who: string,
  outcomes: PushOutcome[],
  expected: Partial<Record<string, unknown>>[],
): void {
  if (outcomes.length !== expected.length) {
    throw new Trouble(`${who} gave ${outcomes.length} answers to ${expected.length} pushes`);
  }
  for (const [index, wanted] of expected.entries()) {
    const found = outcomes[index] as Record<string, unknown> | undefined;
    if (Object.entries(wanted).some(([key, value]) => found?.[key] !== value)) {
      throw new Trouble(`${who}: ${JSON.stringify(found)} where ${JSON.stringify(wanted)} belongs`);
    }
  }
}
