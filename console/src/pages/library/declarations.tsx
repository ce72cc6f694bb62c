// Declarations of the library: the list, or one of them as it is.
import { api } from "../../api/api.ts";
import { useList, useResource } from "../../api/resource.ts";
import { Load } from "../../parts/fault.tsx";
import { Card, Facts, PageHead, Section } from "../../parts/page.tsx";
import { Badge, CodeBlock, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { PageProps } from "../../shell/routes.ts";
import { words } from "../../words/words.ts";

export default function DeclarationsPage({ params: { identifier } }: PageProps) {
  return identifier === undefined ? (
    <AllDeclarations />
  ) : (
    <OneDeclaration key={identifier} identifier={identifier} />
  );
}

function AllDeclarations() {
  const said = words("library");
  const { pages } = words("common");
  const list = useList(
    ({ signal, cursor }) => api.get("/declarations", { query: { cursor }, ...(signal && { signal }) }),
    [],
  );
  return (
    <>
      <PageHead title={pages.declarations} lead={said.declarationsLead} />
      <Table
        label={pages.declarations}
        list={list}
        idOf={({ identifier }) => identifier}
        linkOf={({ identifier }) => `/declarations/${encodeURIComponent(identifier)}`}
        columns={[
          { key: "identifier", title: said.identifier, cell: ({ identifier }) => identifier },
          { key: "type", title: said.type, wide: true, cell: ({ type }) => <code>{type}</code> },
          { key: "kind", title: said.kind, cell: ({ kind }) => <Badge>{said.declarationKinds[kind]}</Badge> },
          { key: "version", title: said.version, number: true, cell: ({ version }) => version },
          { key: "changed", title: said.changed, cell: ({ updated_at }) => <Time at={updated_at} /> },
        ]}
        empty={
          <Empty title={said.noDeclarations} icon="declaration">
            {said.noDeclarationsHint}
          </Empty>
        }
      />
    </>
  );
}

function OneDeclaration({ identifier }: { identifier: string }) {
  const said = words("library");
  const { pages } = words("common");
  const declaration = useResource(
    (signal) => api.get("/declarations/{identifier}", { path: { identifier }, signal }),
    [identifier],
  );
  return (
    <>
      <PageHead title={identifier} back={{ to: "/declarations", title: pages.declarations }} />
      <Load of={declaration}>
        {(known) => (
          <>
            <Card>
              <Facts
                items={[
                  [said.type, <code key="type">{known.type}</code>],
                  [said.version, known.version],
                  [said.changed, <Time key="changed" at={known.updated_at} />],
                ]}
              />
            </Card>
            <Section title={said.content}>
              <CodeBlock text={JSON.stringify(known.payload, null, 2)} label={said.content} />
            </Section>
          </>
        )}
      </Load>
    </>
  );
}
