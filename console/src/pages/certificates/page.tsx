// Certificates: the authorities, what they issued, and what signs profiles.
import type { ComponentType } from "preact";
import { ButtonLink } from "../../parts/button.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { words } from "../../words/words.ts";
import { Authorities } from "./authorities.tsx";
import { Issued } from "./issued.tsx";
import { Signing } from "./signing.tsx";

const tabs = { authorities: Authorities, issued: Issued, signing: Signing } as const;

type Tab = keyof typeof tabs;

export default function CertificatesPage({ params }: PageProps) {
  const said = words("operations").certificates;
  const tab: Tab = params.tab !== undefined && params.tab in tabs ? (params.tab as Tab) : "authorities";
  const Chosen: ComponentType = tabs[tab];
  return (
    <>
      <PageHead
        title={words("common").pages.certificates}
        lead={said.lead}
        actions={
          <ButtonLink to="/enrollment/push" icon="certificate">
            {words("enrollment").tabs.push}
          </ButtonLink>
        }
      />
      <Tabs
        label={words("common").pages.certificates}
        current={tab}
        tabs={(Object.keys(tabs) as Tab[]).map((name) => ({
          name,
          to: name === "authorities" ? "/certificates" : `/certificates/${name}`,
          title: said.tabs[name],
        }))}
      />
      <Chosen key={tab} />
    </>
  );
}
