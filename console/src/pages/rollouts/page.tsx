// Rollouts: the list, the plans by which they go, or one of them with its rings.
import { PageHead } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { words } from "../../words/words.ts";
import { AllRollouts, NewRolloutButton } from "./list.tsx";
import { OneRollout } from "./one.tsx";
import { Plans } from "./plans.tsx";

export default function RolloutsPage({ params: { id } }: PageProps) {
  const said = words("rollouts");
  if (id !== undefined && id !== "plans") return <OneRollout key={id} id={id} />;
  const tab = id === "plans" ? "plans" : "all";
  return (
    <>
      <PageHead
        title={words("common").pages.rollouts}
        lead={said.lead}
        actions={tab === "all" && <NewRolloutButton />}
      />
      <Tabs
        label={words("common").pages.rollouts}
        current={tab}
        tabs={[
          { name: "all", to: "/rollouts", title: said.tabs.all },
          { name: "plans", to: "/rollouts/plans", title: said.tabs.plans },
        ]}
      />
      {tab === "plans" ? <Plans /> : <AllRollouts />}
    </>
  );
}
