import { describe, expect, test } from "vitest";
import { readDeployOptions } from "../../scripts/deploy/options.ts";
import { planDeployment, type Situation } from "../../scripts/deploy/plan.ts";

const nothingYet: Situation = {
  worker: "edgemdm",
  database: "edgemdm",
  cloud: { databaseExists: false, secrets: undefined },
  recovery: undefined,
  onBuildMachine: false,
  newMasterKey: false,
};
const plan = (situation: Partial<Situation>) =>
  planDeployment({ ...nothingYet, ...situation }, (name) => `new ${name}`);

const deployed = { databaseExists: true, secrets: ["MASTER_KEY", "ADMIN_TOKEN", "OTHER"] };
const kept = { worker: "edgemdm", MASTER_KEY: "kept key", ADMIN_TOKEN: "kept token" };

describe("what a deployment will do", () => {
  test("the first makes everything, and writes down what it uploads", () => {
    expect(plan({})).toEqual({
      createDatabase: true,
      recovery: { worker: "edgemdm", MASTER_KEY: "new MASTER_KEY", ADMIN_TOKEN: "new ADMIN_TOKEN" },
      upload: { MASTER_KEY: "new MASTER_KEY", ADMIN_TOKEN: "new ADMIN_TOKEN" },
      made: ["MASTER_KEY", "ADMIN_TOKEN"],
      adminToken: "new ADMIN_TOKEN",
      warnings: [],
      isFirst: true,
      givesUpOthers: false,
    });
  });

  test("the next ones make and upload nothing", () => {
    expect(plan({ cloud: deployed, recovery: kept })).toEqual({
      createDatabase: false,
      recovery: undefined,
      upload: {},
      made: [],
      adminToken: "kept token",
      warnings: [],
      isFirst: false,
      givesUpOthers: false,
    });
  });

  test("one that stopped before the upload goes on with the secrets it wrote down", () => {
    const { upload, made, recovery } = plan({
      cloud: { databaseExists: true, secrets: undefined },
      recovery: kept,
    });

    expect([upload, made, recovery]).toEqual([
      { MASTER_KEY: "kept key", ADMIN_TOKEN: "kept token" },
      [],
      undefined,
    ]);
  });

  test("a Worker that lost its admin token gets one, beside the key it has", () => {
    const { upload, recovery, warnings } = plan({
      cloud: { databaseExists: true, secrets: ["MASTER_KEY"] },
      recovery: { worker: "edgemdm", MASTER_KEY: "kept key" },
    });

    expect(upload).toEqual({ ADMIN_TOKEN: "new ADMIN_TOKEN" });
    expect(recovery).toEqual({ worker: "edgemdm", MASTER_KEY: "kept key", ADMIN_TOKEN: "new ADMIN_TOKEN" });
    expect(warnings).toEqual([]);
  });

  test("a key that only the Worker knows is not replaced, and that is said loudly", () => {
    const { upload, warnings } = plan({ cloud: deployed });

    expect(upload).toEqual({});
    expect(warnings.join()).toContain("edgemdm-recovery.json is not here or lacks MASTER_KEY");
  });

  test("a database whose key is nowhere stops it, unless the administrator says that it is new", () => {
    const cloud = { databaseExists: true, secrets: undefined };

    expect(() => plan({ cloud })).toThrow(/the database edgemdm exists, but neither .* --new-master-key/);
    expect(plan({ cloud, newMasterKey: true })).toMatchObject({
      made: ["MASTER_KEY", "ADMIN_TOKEN"],
      givesUpOthers: true,
    });
  });

  test("a build machine makes no key that would be lost with it", () => {
    expect(() => plan({ onBuildMachine: true })).toThrow(
      /would be lost with it: deploy once from your own machine/,
    );
    expect(plan({ onBuildMachine: true, cloud: deployed }).made).toEqual([]);
  });

  test("the keys of another Worker are not taken", () => {
    expect(() => plan({ recovery: { ...kept, worker: "staging" } })).toThrow(
      "edgemdm-recovery.json belongs to the Worker staging, and this one is edgemdm",
    );
  });
});

describe("arguments", () => {
  test("say where the database lives, and what else is wanted", () => {
    expect(readDeployOptions(["--dry-run", "--location", "weur"])).toEqual({
      dryRun: true,
      newMasterKey: false,
      yes: false,
      place: ["--location", "weur"],
    });
    expect(readDeployOptions(["--jurisdiction=eu"]).place).toEqual(["--jurisdiction", "eu"]);
  });

  test.each([
    [["--location", "mars"], "--location is one of weur, eeur, wnam, enam, apac, oc, not mars"],
    [["--jurisdiction", "weur"], "--jurisdiction is one of eu, fedramp, us, not weur"],
    [["--location", "oc", "--jurisdiction", "eu"], "give --location or --jurisdiction, not both"],
    [["--dry-run=no"], "Option '--dry-run' does not take an argument"],
    [["--dryrun"], "npm run deploy knows no option --dryrun; did you mean --dry-run?"],
  ])("%j is refused", (args, sentence) => {
    expect(() => readDeployOptions(args)).toThrow(sentence);
  });

  test("that npm took for itself count where they rehearse, and are named where they do more", () => {
    expect(readDeployOptions([], { npm_config_dry_run: "true" }).dryRun).toBe(true);
    expect(readDeployOptions([], { npm_config_dry_run: "false" }).dryRun).toBe(false);
    expect(readDeployOptions(["--yes"], { npm_config_dry_run: "true" }).dryRun).toBe(true);
    // It may lie in somebody's npm settings, for another purpose.
    expect(readDeployOptions([], { npm_config_yes: "true" }).yes).toBe(false);
    expect(() => readDeployOptions([], { npm_config_new_master_key: "true" })).toThrow(
      "npm took --new-master-key for itself, and npm run deploy would go on without: write -- before the flags",
    );
  });
});
