// Every page of the console: its address, its words, what draws it, and where the navigation has it.
import type { ComponentType } from "preact";
import type { AllowedCall } from "../api/may.ts";
import type { IconName } from "../parts/icon.tsx";
import type { Room, Rooms } from "../words/words.ts";
import { match } from "./match.ts";
import type { PageProps } from "./page-props.ts";

type PageModule = { default: ComponentType<PageProps> };

export type Group = "daily" | "library" | "operations";

export type Route = {
  /** `:name` stands for a part, `:name?` at the end for one that may be missing. */
  path: string;
  load: () => Promise<PageModule>;
  words: readonly Room[];
  title: keyof Rooms["common"]["pages"];
  /** Shown in the navigation, with this picture. */
  group?: Group;
  icon?: IconName;
  /** The call without which the page is empty: who may not make it does not see the page. */
  needs?: AllowedCall;
};

export const routes: readonly Route[] = [
  {
    path: "/",
    load: () => import("../pages/start/page.tsx"),
    words: ["start", "events"],
    title: "start",
    group: "daily",
    icon: "home",
  },
  {
    path: "/devices",
    load: () => import("../pages/devices/page.tsx"),
    words: ["devices", "start", "views"],
    title: "devices",
    group: "daily",
    icon: "device",
  },
  {
    path: "/devices/:id/:tab?",
    load: () => import("../pages/device/page.tsx"),
    words: ["devices", "device", "events"],
    title: "device",
  },
  {
    path: "/kept/:id?",
    load: () => import("../pages/kept/page.tsx"),
    words: ["devices", "device"],
    title: "kept",
  },
  {
    path: "/people/:id?",
    load: () => import("../pages/people/page.tsx"),
    words: ["people"],
    title: "people",
    group: "daily",
    icon: "people",
    needs: "GET /people",
  },
  {
    path: "/enrollment/:tab?",
    load: () => import("../pages/enrollment/page.tsx"),
    words: ["enrollment"],
    title: "enrollment",
    group: "daily",
    icon: "enroll",
  },
  {
    path: "/sets/:name?",
    load: () => import("../pages/library/sets.tsx"),
    words: ["library"],
    title: "sets",
    group: "library",
    icon: "set",
  },
  {
    path: "/sets/new/by/form",
    load: () => import("../pages/library/set-form.tsx"),
    words: ["library"],
    title: "sets",
    needs: "PUT /sets/{name}",
  },
  {
    path: "/sets/:name/form",
    load: () => import("../pages/library/set-form.tsx"),
    words: ["library"],
    title: "sets",
    needs: "PUT /sets/{name}",
  },
  {
    path: "/profiles/:identifier?",
    load: () => import("../pages/library/profiles.tsx"),
    words: ["library"],
    title: "profiles",
    group: "library",
    icon: "profile",
  },
  {
    path: "/profiles/new/by/form",
    load: () => import("../pages/library/profile-form.tsx"),
    words: ["library", "payloads"],
    title: "profiles",
    needs: "PUT /profiles/{identifier}",
  },
  {
    path: "/profiles/:identifier/form",
    load: () => import("../pages/library/profile-form.tsx"),
    words: ["library", "payloads"],
    title: "profiles",
    needs: "PUT /profiles/{identifier}",
  },
  {
    path: "/profiles/new/by/source",
    load: () => import("../pages/library/profile-source.tsx"),
    words: ["library", "payloads"],
    title: "profiles",
    needs: "PUT /profiles/{identifier}",
  },
  {
    path: "/profiles/:identifier/source",
    load: () => import("../pages/library/profile-source.tsx"),
    words: ["library", "payloads"],
    title: "profiles",
    needs: "PUT /profiles/{identifier}",
  },
  {
    path: "/declarations/:identifier?",
    load: () => import("../pages/library/declarations.tsx"),
    words: ["library"],
    title: "declarations",
    group: "library",
    icon: "declaration",
  },
  {
    path: "/declarations/new/by/form",
    load: () => import("../pages/library/declaration-form.tsx"),
    words: ["library", "payloads"],
    title: "declarations",
    needs: "PUT /declarations/{identifier}",
  },
  {
    path: "/declarations/:identifier/form",
    load: () => import("../pages/library/declaration-form.tsx"),
    words: ["library", "payloads"],
    title: "declarations",
    needs: "PUT /declarations/{identifier}",
  },
  {
    path: "/apps/:name?",
    load: () => import("../pages/library/apps.tsx"),
    words: ["library"],
    title: "apps",
    group: "library",
    icon: "app",
  },
  {
    path: "/apps/new/by/form",
    load: () => import("../pages/library/app-form.tsx"),
    words: ["library", "payloads"],
    title: "apps",
    needs: "PUT /apps/{name}",
  },
  {
    path: "/apps/:name/form",
    load: () => import("../pages/library/app-form.tsx"),
    words: ["library", "payloads"],
    title: "apps",
    needs: "PUT /apps/{name}",
  },
  {
    path: "/updates/:name?",
    load: () => import("../pages/updates/page.tsx"),
    words: ["updates"],
    title: "updates",
    group: "library",
    icon: "update",
  },
  {
    path: "/rollouts/:id?",
    load: () => import("../pages/rollouts/page.tsx"),
    words: ["rollouts", "library"],
    title: "rollouts",
    group: "library",
    icon: "rings",
  },
  {
    path: "/apple/:tab?",
    load: () => import("../pages/apple/page.tsx"),
    words: ["apple", "enrollment"],
    title: "apple",
    group: "operations",
    icon: "cart",
  },
  {
    path: "/certificates/:tab?",
    load: () => import("../pages/certificates/page.tsx"),
    words: ["enrollment", "operations"],
    title: "certificates",
    group: "operations",
    icon: "certificate",
  },
  {
    path: "/webhooks/:id?",
    load: () => import("../pages/webhooks/page.tsx"),
    words: ["operations"],
    title: "webhooks",
    group: "operations",
    icon: "webhook",
    needs: "GET /webhooks",
  },
  {
    path: "/access/:tab?",
    load: () => import("../pages/access/page.tsx"),
    words: ["operations"],
    title: "access",
    group: "operations",
    icon: "key",
    needs: "GET /tokens",
  },
  {
    path: "/audit",
    load: () => import("../pages/audit/page.tsx"),
    words: ["operations"],
    title: "audit",
    group: "operations",
    icon: "audit",
    needs: "GET /audit",
  },
  {
    path: "/jobs",
    load: () => import("../pages/jobs/page.tsx"),
    words: ["operations"],
    title: "jobs",
    group: "operations",
    icon: "job",
  },
  {
    path: "/system/:tab?",
    load: () => import("../pages/system/page.tsx"),
    words: ["operations"],
    title: "system",
    group: "operations",
    icon: "system",
  },
  {
    path: "/settings",
    load: () => import("../pages/settings/page.tsx"),
    words: ["operations"],
    title: "settings",
    group: "operations",
    icon: "settings",
  },
];

export function routeOf(path: string): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const params = match(route.path, path);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

/** The address in the navigation: without what may be missing. */
export const pathOf = (route: Route): string => route.path.replace(/\/:\w+\?$/, "") || "/";
