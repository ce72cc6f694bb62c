// Access: who may work with this server.
import type { ComponentType } from "preact";
import { PageHead } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { words } from "../../words/words.ts";
import { Administrators } from "./administrators.tsx";
import { SignIn } from "./sign-in.tsx";
import { Tokens } from "./tokens.tsx";

const tabs = { tokens: Tokens, people: Administrators, sign: SignIn } as const;

type Tab = keyof typeof tabs;

export default function AccessPage({ params }: PageProps) {
  const said = words("operations").access;
  const tab: Tab = params.tab !== undefined && params.tab in tabs ? (params.tab as Tab) : "tokens";
  const Chosen: ComponentType = tabs[tab];
  return (
    <>
      <PageHead title={words("common").pages.access} lead={said.lead} />
      <Tabs
        label={words("common").pages.access}
        current={tab}
        tabs={(Object.keys(tabs) as Tab[]).map((name) => ({
          name,
          to: name === "tokens" ? "/access" : `/access/${name}`,
          title: said.tabs[name],
        }))}
      />
      <Chosen key={tab} />
    </>
  );
}
