// Apple Business: the accounts, their devices, what devices are told at their first start, and licences of apps.
import type { ComponentType } from "preact";
import { PageHead } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { words } from "../../words/words.ts";
import { AdeAccounts } from "./accounts.tsx";
import { AdeDevices } from "./devices.tsx";
import { Locations } from "./locations.tsx";
import { FirstStarts } from "./profiles.tsx";

const tabs = { accounts: AdeAccounts, devices: AdeDevices, profiles: FirstStarts, apps: Locations } as const;

type Tab = keyof typeof tabs;

export default function ApplePage({ params }: PageProps) {
  const said = words("apple");
  const tab: Tab = params.tab !== undefined && params.tab in tabs ? (params.tab as Tab) : "accounts";
  const Chosen: ComponentType = tabs[tab];
  return (
    <>
      <PageHead title={words("common").pages.apple} lead={said.lead} />
      <Tabs
        label={words("common").pages.apple}
        current={tab}
        tabs={(Object.keys(tabs) as Tab[]).map((name) => ({
          name,
          to: name === "accounts" ? "/apple" : `/apple/${name}`,
          title: said.tabs[name],
        }))}
      />
      <Chosen key={tab} />
    </>
  );
}
