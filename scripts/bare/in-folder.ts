import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopChildren } from "../children.ts";
import { run } from "../run.ts";
import { writing } from "../trouble.ts";

/** A script in a folder of its own: however it ends, its children and the folder are gone. */
export const runInFolder = (name: string, script: (folder: string) => Promise<void>): Promise<void> =>
  run(async () => {
    const folder = writing(tmpdir(), () => mkdtempSync(join(tmpdir(), `edgemdm-${name}-`)));
    try {
      await script(folder);
    } finally {
      await stopChildren();
      rmSync(folder, { recursive: true, force: true });
    }
    process.exit();
  });
