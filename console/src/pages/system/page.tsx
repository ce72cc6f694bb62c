// System: whether the server works, its backup, and what it costs.
import type { ComponentType } from "preact";
import { may } from "../../api/may.ts";
import { PageHead } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { words } from "../../words/words.ts";
import { Backup } from "./backup.tsx";
import { Cost } from "./cost.tsx";
import { Health } from "./health.tsx";

const tabs = { health: Health, backup: Backup, cost: Cost } as const;

type Tab = keyof typeof tabs;

export default function SystemPage({ params }: PageProps) {
  const said = words("operations").system;
  const shown = (Object.keys(tabs) as Tab[]).filter((name) => name !== "backup" || may("GET /backup"));
  const tab = shown.find((name) => name === params.tab) ?? "health";
  const Chosen: ComponentType = tabs[tab];
  return (
    <>
      <PageHead title={words("common").pages.system} lead={said.lead} />
      <Tabs
        label={words("common").pages.system}
        current={tab}
        tabs={shown.map((name) => ({
          name,
          to: name === "health" ? "/system" : `/system/${name}`,
          title: said.tabs[name],
        }))}
      />
      <Chosen key={tab} />
    </>
  );
}
