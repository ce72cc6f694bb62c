// A profile is made or changed by a form.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { Form, useForm, useTaggedForm } from "../../parts/form.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Empty } from "../../parts/small.tsx";
import { useTaken } from "../../parts/taken.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { withoutErrors } from "./fields/findings.tsx";
import type { JsonObject } from "./fields/spec.ts";
import { contentOf, type Draft, isForForms, ProfileFields } from "./profile-fields.tsx";

export default function ProfileFormPage({ params: { identifier } }: PageProps) {
  return identifier === undefined ? <New /> : <Edit key={identifier} identifier={identifier} />;
}

const addressOf = (identifier: string): string => `/profiles/${encodeURIComponent(identifier)}`;

function New() {
  const said = words("payloads");
  const { pages } = words("common");
  const empty: Draft = { identifier: "", profile: { PayloadContent: [] }, encrypted: false };
  const form = useForm(empty, async (draft) => {
    await api.put("/profiles/{identifier}", {
      path: { identifier: draft.identifier.trim() },
      query: { encrypt: draft.encrypted },
      body: contentOf(draft),
      headers: { "If-None-Match": "*" },
    });
  });
  const shown = useTaken(form, "identifier", said.taken);
  return (
    <>
      <PageHead
        title={said.newProfile}
        lead={said.newProfileLead}
        back={{ to: "/profiles", title: pages.profiles }}
      />
      <Form
        state={{ ...shown, fault: withoutErrors(shown.fault) }}
        submit={words("common").say.save}
        onCancel={() => go("/profiles")}
        onDone={() => {
          say(words("library").uploaded);
          void go(addressOf(form.values.identifier.trim()));
        }}
      >
        <ProfileFields form={shown} isNew />
      </Form>
    </>
  );
}

type Detail = Schemas["ProfileDetail"];

const draftOf = ({ identifier, profile, encrypted }: Detail): Draft => ({
  identifier,
  profile: profile as JsonObject,
  encrypted,
});

function Edit({ identifier }: { identifier: string }) {
  const said = words("payloads");
  const path = { identifier };
  const read = () => readTagged("/profiles/{identifier}", { path });
  const profile = useResource(read, [identifier]);
  return (
    <>
      <PageHead
        title={said.editProfile(profile.value?.value.name ?? identifier)}
        back={{ to: addressOf(identifier), title: identifier }}
      />
      <Load of={profile} rows={8}>
        {(known) =>
          isForForms(known.value.profile as JsonObject) ? (
            <EditForm known={known} read={read} onSaved={profile.set} />
          ) : (
            <Empty
              title={said.noForm}
              icon="lock"
              action={<ButtonLink to={`${addressOf(identifier)}/source`}>{said.source}</ButtonLink>}
            />
          )
        }
      </Load>
    </>
  );
}

function EditForm({
  known,
  read,
  onSaved,
}: {
  known: Tagged<Detail>;
  read: () => Promise<Tagged<Detail>>;
  onSaved: (known: Tagged<Detail>) => void;
}) {
  const { identifier } = known.value;
  const { form, ...others } = useTaggedForm({
    known,
    read,
    onSaved,
    valuesOf: draftOf,
    save: (draft, _before, guard) =>
      api.put("/profiles/{identifier}", {
        path: { identifier },
        query: { encrypt: draft.encrypted },
        body: contentOf(draft),
        ...guard,
      }),
  });
  return (
    <Form
      state={{ ...form, fault: withoutErrors(form.fault) }}
      submit={words("common").say.save}
      onCancel={() => go(addressOf(identifier))}
      onDone={() => {
        say(words("common").say.saved);
        void go(addressOf(identifier));
      }}
      {...others}
    >
      <ProfileFields form={form} isNew={false} />
    </Form>
  );
}
