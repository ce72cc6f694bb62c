// Enrollment: how devices get under management. Each tab has an address of its own.
import type { ComponentType } from "preact";
import { PageHead } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { words } from "../../words/words.ts";
import { Invitations } from "./invitations.tsx";
import { Push } from "./push.tsx";
import { Settings } from "./settings.tsx";

const tabs = { invitations: Invitations, push: Push, settings: Settings } as const;

type Tab = keyof typeof tabs;

export default function EnrollmentPage({ params }: PageProps) {
  const said = words("enrollment");
  const tab: Tab = params.tab !== undefined && params.tab in tabs ? (params.tab as Tab) : "invitations";
  const Chosen: ComponentType = tabs[tab];
  return (
    <>
      <PageHead title={words("common").pages.enrollment} lead={said.lead} />
      <Tabs
        label={words("common").pages.enrollment}
        current={tab}
        tabs={[
          ...(Object.keys(tabs) as Tab[]).map((name) => ({
            name: name as string,
            to: name === "invitations" ? "/enrollment" : `/enrollment/${name}`,
            title: said.tabs[name],
          })),
          // Who seeks automated enrollment seeks it here as well.
          { name: "apple", to: "/apple", title: words("common").pages.apple },
        ]}
      />
      <Chosen key={tab} />
    </>
  );
}
