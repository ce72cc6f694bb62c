// Declarations of the library: the list, or one of them as it is.
import { api } from "../../api/api.ts";
import { useAction, useList, useResource } from "../../api/resource.ts";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Card, Facts, PageHead, Section } from "../../parts/page.tsx";
import { Badge, CodeBlock, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
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
  const make = (
    <ButtonLink
      kind="primary"
      icon="enroll"
      may="PUT /declarations/{identifier}"
      to="/declarations/new/by/form"
    >
      {said.newDeclaration}
    </ButtonLink>
  );
  return (
    <>
      <PageHead
        title={pages.declarations}
        lead={said.declarationsLead}
        actions={list.items.length > 0 && make}
      />
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
          <Empty title={said.noDeclarations} icon="declaration" action={make}>
            {said.noDeclarationsHint}
          </Empty>
        }
      />
    </>
  );
}

function OneDeclaration({ identifier }: { identifier: string }) {
  const said = words("library");
  const { pages, say: common } = words("common");
  const declaration = useResource(
    (signal) => api.get("/declarations/{identifier}", { path: { identifier }, signal }),
    [identifier],
  );
  const remove = useAction(async () => {
    const sets = await setsWith(identifier);
    if (sets.length > 0) {
      await confirm({ title: said.stillUsed, text: said.stillUsedText(sets.join(", ")), yes: common.close });
      return;
    }
    const yes = await confirm({
      title: said.deleteTitle(identifier),
      text: said.deleteDeclarationText,
      yes: common.delete,
      danger: true,
      type: identifier,
    });
    if (!yes) return;
    await api.delete("/declarations/{identifier}", { path: { identifier } });
    say(said.deleted);
    await go("/declarations");
  });
  return (
    <>
      <PageHead
        title={identifier}
        back={{ to: "/declarations", title: pages.declarations }}
        actions={
          <>
            <ButtonLink
              kind="primary"
              icon="edit"
              may="PUT /declarations/{identifier}"
              to={`/declarations/${encodeURIComponent(identifier)}/form`}
            >
              {common.edit}
            </ButtonLink>
            <Button
              icon="trash"
              may="DELETE /declarations/{identifier}"
              busy={remove.busy}
              onClick={() => remove.run()}
            >
              {common.delete}
            </Button>
          </>
        }
      />
      <FaultNote fault={remove.fault} />
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

/** The sets that have it: a dry run of saving it as it is says so. */
async function setsWith(identifier: string): Promise<string[]> {
  const path = { identifier };
  const { type, payload } = await api.get("/declarations/{identifier}", { path });
  const plan = await api.put("/declarations/{identifier}", {
    path,
    query: { dry_run: true, validate: "off" },
    body: { type, payload },
  });
  return "sets" in plan ? plan.sets : [];
}
