#!/usr/bin/env node
// `npx edgemdm`: the command line. `launch.mjs` chooses how this Node runs TypeScript.
process.argv.splice(2, 0, "cli");
await import("./launch.mjs");
