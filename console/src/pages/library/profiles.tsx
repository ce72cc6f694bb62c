// Profiles of the library: the list, with what is uploaded, or one of them with its devices.
import { useState } from "preact/hooks";
import { api } from "../../api/api.ts";
import { useAction, useList, useResource } from "../../api/resource.ts";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Card, Facts, PageHead } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { go, query, setQuery } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { bytes } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { Standings } from "./standings.tsx";
import { UploadProfile } from "./upload-profile.tsx";

export default function ProfilesPage({ params: { identifier } }: PageProps) {
  return identifier === undefined ? <AllProfiles /> : <OneProfile key={identifier} identifier={identifier} />;
}

function AllProfiles() {
  const said = words("library");
  const { pages } = words("common");
  const list = useList(
    ({ signal, cursor }) => api.get("/profiles", { query: { cursor }, ...(signal && { signal }) }),
    [],
  );
  const upload = (
    <div class="actions">
      <ButtonLink kind="primary" icon="enroll" may="PUT /profiles/{identifier}" to="/profiles/new/by/form">
        {said.newProfile}
      </ButtonLink>
      <Button icon="upload" may="PUT /profiles/{identifier}" onClick={() => setQuery({ new: "yes" })}>
        {said.upload}
      </Button>
      <ButtonLink icon="profile" may="PUT /profiles/{identifier}" to="/profiles/new/by/source">
        {said.writeSource}
      </ButtonLink>
    </div>
  );
  return (
    <>
      <PageHead title={pages.profiles} lead={said.profilesLead} actions={list.items.length > 0 && upload} />
      <Table
        label={pages.profiles}
        list={list}
        idOf={({ identifier }) => identifier}
        linkOf={({ identifier }) => `/profiles/${encodeURIComponent(identifier)}`}
        columns={[
          { key: "name", title: said.name, cell: ({ name, identifier }) => name ?? identifier },
          { key: "identifier", title: said.identifier, wide: true, cell: ({ identifier }) => identifier },
          {
            key: "payloads",
            title: said.payloads,
            wide: true,
            cell: ({ payload_types: types }) => types.map((type) => <Badge key={type}>{type}</Badge>),
          },
          { key: "version", title: said.version, number: true, cell: ({ version }) => version },
          { key: "changed", title: said.changed, cell: ({ updated_at }) => <Time at={updated_at} /> },
        ]}
        empty={
          <Empty title={said.noProfiles} icon="profile" action={upload}>
            {said.noProfilesHint}
          </Empty>
        }
      />
      {query.value.get("new") === "yes" && (
        <UploadProfile onDone={list.reload} onClose={() => setQuery({ new: undefined })} />
      )}
    </>
  );
}

function OneProfile({ identifier }: { identifier: string }) {
  const said = words("library");
  const { pages, say: common } = words("common");
  const path = { identifier };
  const profile = useResource(
    async (signal) => {
      const { items } = await api.get("/profiles/{identifier}/versions", {
        path,
        query: { limit: 1 },
        signal,
      });
      return items[0];
    },
    [identifier],
  );
  const [state, setState] = useState("");
  const remove = useAction(async () => {
    const yes = await confirm({
      title: said.deleteTitle(identifier),
      text: said.deleteText,
      yes: common.delete,
      danger: true,
      type: identifier,
    });
    if (!yes) return;
    await api.delete("/profiles/{identifier}", { path });
    say(said.deleted);
    await go("/profiles");
  });
  return (
    <>
      <PageHead
        title={identifier}
        back={{ to: "/profiles", title: pages.profiles }}
        actions={
          <>
            <ButtonLink
              kind="primary"
              icon="edit"
              may="PUT /profiles/{identifier}"
              to={`/profiles/${encodeURIComponent(identifier)}/form`}
            >
              {common.edit}
            </ButtonLink>
            <ButtonLink
              icon="profile"
              may="PUT /profiles/{identifier}"
              to={`/profiles/${encodeURIComponent(identifier)}/source`}
            >
              {said.asSource}
            </ButtonLink>
            <Button
              icon="trash"
              may="DELETE /profiles/{identifier}"
              busy={remove.busy}
              onClick={() => remove.run()}
            >
              {common.delete}
            </Button>
          </>
        }
      />
      <FaultNote fault={remove.fault} />
      <Load of={profile}>
        {(known) =>
          known && (
            <Card>
              <Facts
                items={[
                  [said.version, known.version],
                  [said.size, bytes(known.size)],
                  [said.changed, <Time key="changed" at={known.saved_at} />],
                ]}
              />
            </Card>
          )
        }
      </Load>
      <Standings identifier={identifier} state={state} onState={setState} />
    </>
  );
}
