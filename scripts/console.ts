// `npm run console:build`: makes what the asset layer serves below /console of the sources in console/.
import { resolve } from "node:path";
import { readArguments } from "./arguments.ts";
import { buildConsole, watchConsole } from "./console/build.ts";
import { isBuilt } from "./console/is-built.ts";
import { run } from "./run.ts";

const project = resolve(import.meta.dirname, "..");

await run(
  async () => {
    const { watch, "if-changed": ifChanged } = readArguments({
      name: "npm run console:build",
      does: "Builds the console into console/dist. npm start, npm run deploy and wrangler do it by themselves.",
      options: {
        watch: { help: "build again after each change, until stopped" },
        "if-changed": { help: "do nothing if what is built is newer than its sources" },
      },
    });
    if (watch) return watchConsole(project, console.log);
    if (ifChanged && isBuilt(project)) return;
    const started = performance.now();
    const { id, files } = await buildConsole(project);
    console.log(
      `The console is built: ${files.length} files, build ${id}, ${Math.round(performance.now() - started)} ms`,
    );
  },
  { code: 0, say: "Stopped." },
);
