// A declaration is made or changed.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { Form, useForm, useTaggedForm } from "../../parts/form.tsx";
import { PageHead } from "../../parts/page.tsx";
import { useTaken } from "../../parts/taken.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { go, query, setQuery } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { contentOf, DeclarationFields, type Draft } from "./declaration-fields.tsx";
import { withoutErrors } from "./fields/findings.tsx";
import type { JsonObject } from "./fields/spec.ts";
import { readEntries } from "./fields/spec.ts";
import { AllPayloads } from "./payload-picker.tsx";

export default function DeclarationFormPage({ params: { identifier } }: PageProps) {
  return identifier === undefined ? <New /> : <Edit key={identifier} identifier={identifier} />;
}

const addressOf = (identifier: string): string => `/declarations/${encodeURIComponent(identifier)}`;

function New() {
  const said = words("payloads");
  const { pages } = words("common");
  const type = query.value.get("type") ?? "";
  return (
    <>
      <PageHead
        title={said.newDeclaration}
        lead={said.newDeclarationLead}
        back={{ to: "/declarations", title: pages.declarations }}
      />
      {type === "" ? <Choose /> : <NewForm key={type} type={type} />}
    </>
  );
}

const Choose = () => (
  <div class="all-payloads">
    <AllPayloads shelf="declarations" heading="h2" onPick={(type) => setQuery({ type })} />
  </div>
);

function NewForm({ type }: { type: string }) {
  const said = words("payloads");
  const { say: common } = words("common");
  const known = useResource(() => readEntries("declarations"), []);
  const isKnown = known.value?.some(({ id }) => id === type) !== false;
  const empty: Draft = { identifier: "", type, payload: {}, text: isKnown ? undefined : "{\n}" };
  const form = useForm(empty, (draft) =>
    api.put("/declarations/{identifier}", {
      path: { identifier: draft.identifier.trim() },
      body: contentOf(draft),
      headers: { "If-None-Match": "*" },
    }),
  );
  const shown = useTaken(form, "identifier", said.taken);
  return (
    <Form
      state={{ ...shown, fault: withoutErrors(shown.fault) }}
      submit={common.save}
      wide={form.values.text !== undefined}
      onCancel={() => go("/declarations")}
      onDone={() => {
        say(words("library").declarationSaved);
        void go(addressOf(form.values.identifier.trim()));
      }}
    >
      <DeclarationFields form={shown} isNew />
      <div class="actions">
        <Button small kind="quiet" onClick={() => setQuery({ type: undefined })}>
          {said.chooseAnother}
        </Button>
      </div>
    </Form>
  );
}

type Declaration = Schemas["Declaration"];

function Edit({ identifier }: { identifier: string }) {
  const said = words("payloads");
  const path = { identifier };
  const read = () => readTagged("/declarations/{identifier}", { path });
  const declaration = useResource(read, [identifier]);
  return (
    <>
      <PageHead
        title={said.editProfile(identifier)}
        back={{ to: addressOf(identifier), title: identifier }}
      />
      <Load of={declaration} rows={8}>
        {(known) => <EditForm known={known} read={read} onSaved={declaration.set} />}
      </Load>
    </>
  );
}

function EditForm({
  known,
  read,
  onSaved,
}: {
  known: Tagged<Declaration>;
  read: () => Promise<Tagged<Declaration>>;
  onSaved: (known: Tagged<Declaration>) => void;
}) {
  const { identifier } = known.value;
  const { form, ...others } = useTaggedForm({
    known,
    read,
    onSaved,
    valuesOf: ({ type, payload }: Declaration): Draft => ({
      identifier,
      type,
      payload: payload as JsonObject,
      text: undefined,
    }),
    save: (draft, _before, guard) =>
      api.put("/declarations/{identifier}", {
        path: { identifier },
        body: contentOf(draft),
        ...guard,
      }),
  });
  return (
    <Form
      state={{ ...form, fault: withoutErrors(form.fault) }}
      submit={words("common").say.save}
      wide={form.values.text !== undefined}
      onCancel={() => go(addressOf(identifier))}
      onDone={() => {
        say(words("common").say.saved);
        void go(addressOf(identifier));
      }}
      {...others}
    >
      <DeclarationFields form={form} isNew={false} />
    </Form>
  );
}
