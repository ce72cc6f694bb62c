import { vi } from "vitest";
import { forgetSettings } from "../../src/admin/settings.ts";
import { forgetAdministrators } from "../../src/admin/sign-in/administrators.ts";
import { forgetAuthorities } from "../../src/enrollment/authority.ts";
import { forgetEnrollmentSettings } from "../../src/enrollment/enrollment-settings.ts";
import { forgetRevocationLists } from "../../src/enrollment/revocation-list.ts";
import { forgetProfileSigner } from "../../src/enrollment/sign-profile.ts";
import { forgetKeys } from "../../src/sign-in/keys.ts";
import { forgetMetadata } from "../../src/sign-in/metadata.ts";
import { forgetProvider } from "../../src/sign-in/provider.ts";
import { emptyDatabase } from "./empty-database.ts";
import { forgetFleet } from "./fleet.ts";
import { giveReadyKeys } from "./ready-keys.ts";

// Every module is loaded before an object can ask for it. An object that is killed at the first import of a module would leave
// all who want that module waiting for ever (see `module-runner.ts`). Only the first test file pays for it.
const modules = import.meta.glob<unknown>(["../../src/**/*.ts", "!**/*.d.ts"]);
for (const load of Object.values(modules)) await load();

// Many test files share one Worker, which is loaded once. Each starts as if it were alone: nothing is stored, nothing is
// remembered, and the clock is right.
vi.useRealTimers();
giveReadyKeys();
await emptyDatabase();
forgetSettings();
forgetEnrollmentSettings();
forgetAuthorities();
forgetProfileSigner();
forgetRevocationLists();
forgetFleet();
forgetProvider();
forgetAdministrators();
forgetMetadata();
forgetKeys();
