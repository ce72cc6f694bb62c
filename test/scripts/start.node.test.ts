import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alive, ProjectCopy } from "../support/node/project-copy.ts";

const copy = new ProjectCopy(["test"]);
afterAll(() => copy.remove());

const address = /edgemdm runs at (http:\/\/localhost:\d+)/;

describe("a start, and the next one", () => {
  const state = copy.path("elsewhere");
  let secrets = "";
  let firstOutput = "";

  test("a first start makes the secrets, serves, and says what to do next", async () => {
    const start = copy.script(["start", "--port", "0", "--persist-to", state, "--var", "MUTUAL_TLS:true"]);

    // It says at once what it does and how long that takes, and then each step.
    const [beginning] = await start.says(/^[\s\S]*usually 3 to 10 seconds/);
    expect(beginning).not.toContain("ready");
    await start.says(/^ {2}the database is ready \(\d+\.\d s\)$/m);
    await start.says(/^ {2}the Worker runs \(\d+\.\d s\)$/m);
    const [, origin] = await start.says(address);
    const [output] = await start.says(/[\s\S]*Ctrl-C stops it/);

    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    expect(await asIfByCloudflare(origin ?? "")).toBe(400);
    secrets = copy.read(".dev.vars");
    expect(secrets).toMatch(/^MASTER_KEY=[A-Za-z0-9+/]{43}=\nADMIN_TOKEN=[\w-]{43}\n$/);
    expect(statSync(copy.path(".dev.vars")).mode & 0o777).toBe(0o600);
    expect(output).toContain(`ADMIN_TOKEN in ${copy.path(".dev.vars")}`);
    expect(output).toMatch(/^ {2}authority {5}CN=Device Identities [0-9a-f]{8},O=edgemdm$/m);
    for (const secret of secrets.matchAll(/=(.+)\n/g)) expect(output).not.toContain(secret[1]);

    const commands = [...output.matchAll(/^ {5}(curl .*)$/gm)].map(([, command]) => command ?? "");
    expect(commands).toHaveLength(3);
    const token = await shell(commands[1] ?? "");
    expect(JSON.parse(token)).toMatchObject({ name: "me", role: "admin" });

    // Nobody calls this Worker on a schedule but `npm start`: the problems were looked for.
    const { token: mine } = JSON.parse(token);
    await expect
      .poll(() => lastRun(origin ?? "", mine), { timeout: 20_000 })
      .toMatchObject({
        state: "done",
        started_by: "cron",
      });

    const processes = start.descendants();
    expect(processes.length).toBeGreaterThan(2);
    const { code, output: everything } = await start.signal("SIGINT");

    firstOutput = everything;
    expect(code).toBe(0);
    expect(everything).toContain("edgemdm has stopped; its state is kept.");
    expect(alive(processes)).toEqual([]);
  });

  test("a second start keeps secrets and state, its pushes wake a fleet, and it ends as quietly at SIGTERM", async () => {
    const start = copy.script(["start", "--port=0", `--persist-to=${state}`, "--apns"]);
    const [, origin = ""] = await start.says(address);

    const answer = await fetch(`${origin}/api/v1/tokens`, {
      headers: { authorization: `Bearer ${secrets.match(/ADMIN_TOKEN=(.*)/)?.[1]}` },
    });

    expect(await answer.json()).toMatchObject({ items: [{ name: "me" }] });
    const authority = /^ {2}authority .*$/m;
    expect((await start.says(authority))[0]).toBe(firstOutput.match(authority)?.[0]);
    expect(copy.read(".dev.vars")).toBe(secrets);
    expect(existsSync(copy.path(".wrangler/state"))).toBe(false);

    // What the server pushes wakes a fleet that never polls.
    const fleet = ["--devices", "2", "--seconds", "1", "--interval", "0.2", "--commands", "1"];
    const woken = await copy.script(["simulate", "--apns", "--url", origin, ...fleet]).ends();
    const [, queued, answered] = woken.output.match(/commands {2}(\d+) queued, (\d+) answered/) ?? [];
    expect(Number(queued), woken.output).toBeGreaterThan(0);
    expect([answered, woken.code]).toEqual([queued, 0]);
    expect(woken.output).toMatch(/queued, pushed, fetched and acknowledged {3}p50 \d/);

    // Another start with the same state says who has it, and ends.
    const another = await copy.script(["start", "--port=0", `--persist-to=${state}`]).ends();
    expect(another.code).toBe(1);
    expect(another.output.trim()).toMatch(
      /^edgemdm runs already with the state in .*, at http:.* \(process \d+\): /,
    );
    expect(another.output).toContain(origin);

    const processes = start.descendants();
    expect((await start.signal("SIGTERM")).code).toBe(0);
    expect(alive(processes)).toEqual([]);
    expect(existsSync(`${state}/edgemdm.lock`)).toBe(false);
  });

  test("a start that lacks the key of its state makes no new one, and says what to put back", async () => {
    const kept = secrets.replace(/^MASTER_KEY=.*\n/, "");
    writeFileSync(copy.path(".dev.vars"), kept);

    const { code, output } = await copy.script(["start", "--port", "0", "--persist-to", state]).ends();

    expect(code).toBe(1);
    expect(output.trim()).toMatch(
      /^.*elsewhere holds what was sealed under a MASTER_KEY, and .*\.dev\.vars has none\. No new one was made/m,
    );
    expect(copy.read(".dev.vars")).toBe(kept);
  });

  test("a start under another key than its state was sealed under is refused in words", async () => {
    const wrong = `MASTER_KEY=${Buffer.alloc(32, 7).toString("base64")}`;
    writeFileSync(copy.path(".dev.vars"), secrets.replace(/^MASTER_KEY=.*$/m, wrong));

    const { code, output } = await copy.script(["start", "--port", "0", "--persist-to", state]).ends();

    expect(code).toBe(1);
    expect(output).toMatch(
      /the MASTER_KEY in .*\.dev\.vars is not the right one: values are sealed under master key [0-9a-f]{8}, but this deployment has [0-9a-f]{8}/,
    );
    writeFileSync(copy.path(".dev.vars"), secrets);
  });
});

async function lastRun(origin: string, token: string): Promise<unknown> {
  const answer = await fetch(`${origin}/api/v1/jobs/problems`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return ((await answer.json()) as { run: unknown }).run;
}

/** The development server hands on what this header says as if Cloudflare had. Unknown devices are refused with 403. */
async function asIfByCloudflare(origin: string): Promise<number> {
  const certFingerprintSHA256 = "ab".repeat(32);
  const tlsClientAuth = { certPresented: "1", certVerified: "SUCCESS", certFingerprintSHA256 };
  const answer = await fetch(`${origin}/mdm`, {
    method: "PUT",
    headers: {
      "Content-Type": "application/x-apple-aspen-mdm",
      "MF-CF-Blob": JSON.stringify({ tlsClientAuth }),
    },
    body: '<plist version="1.0"><dict><key>Status</key><string>Idle</string><key>UDID</key><string>U1</string></dict></plist>',
  });
  return answer.status;
}

describe("what cannot work is said in one sentence", () => {
  let other: Server;
  let port = 0;

  beforeAll(async () => {
    other = createServer();
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    port = (other.address() as { port: number }).port;
  });
  afterAll(() => other.close());

  test("a port that another program has", async () => {
    const { code, output } = await copy.script(["start", "--port", String(port)]).ends();

    expect(code).toBe(1);
    expect(output.trim()).toMatch(
      new RegExp(
        `^port ${port} is taken by another program: stop it, or start on another one, .*--port \\d+$`,
      ),
    );
  });

  test.each([
    [["--port", "lots"], "--port takes a number from 0 to 65535, not lots"],
    [["--port"], "--port needs a value after it"],
    [["--local-protocol", "ftp"], "--local-protocol is http or https, not ftp"],
    [["--prot", "80"], "npm start knows no option --prot; did you mean --port?"],
    [
      ["--ip", "203.0.113.9"],
      "this machine has no address 203.0.113.9: give --ip one of its own, or leave it out",
    ],
  ])("start %j", async (args, sentence) => {
    const { code, output } = await copy.script(["start", ...args]).ends();

    expect([code, output.trim()]).toEqual([1, sentence]);
  });

  test("a folder where this user may not write", async () => {
    const readOnly = new ProjectCopy();
    try {
      chmodSync(readOnly.folder, 0o555);
      const asSomebody = process.getuid?.() === 0 ? { uid: 65534 } : {};

      const { code, output } = await readOnly.script(["start", "--port", "0"], asSomebody).ends();

      expect(code).toBe(1);
      expect(output.trim()).toBe(`cannot write ${readOnly.path(".wrangler")}: this user may not write there`);
    } finally {
      chmodSync(readOnly.folder, 0o755);
      await readOnly.remove();
    }
  });

  test("a state folder that is a file", async () => {
    writeFileSync(copy.path("occupied"), "");

    const { code, output } = await copy
      .script(["start", "--port", "0", "--persist-to", copy.path("occupied/state")])
      .ends();

    expect([code, output.trim()]).toEqual([
      1,
      `cannot write ${copy.path("occupied/state")}: a part of that path is a file`,
    ]);
  });

  test("a migration that fails names the database and the reason", async () => {
    const broken = new ProjectCopy();
    try {
      mkdirSync(broken.path("migrations"), { recursive: true });
      writeFileSync(broken.path("migrations/9999_broken.sql"), "create tabel devices (id);");

      const { code, output } = await broken.script(["start", "--port", "0"]).ends();

      expect(code).toBe(1);
      expect(output).toContain(
        `the database in ${broken.path(".wrangler/state")} could not be brought up to date`,
      );
      expect(output).toContain('near "tabel": syntax error');
    } finally {
      await broken.remove();
    }
  });
});

function shell(command: string): Promise<string> {
  return new Promise((done, fail) => {
    execFile("sh", ["-c", command], (error, stdout) => (error ? fail(error) : done(stdout)));
  });
}
