// An app is put into the library, or what it does is changed. Where it comes from stays: another source is another app.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Load } from "../../parts/fault.tsx";
import {
  CheckField,
  Form,
  type FormState,
  SelectField,
  TextField,
  useForm,
  useTaggedForm,
} from "../../parts/form.tsx";
import { NameField } from "../../parts/name-field.tsx";
import { PageHead, Section } from "../../parts/page.tsx";
import { useTaken } from "../../parts/taken.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { AppSource, type Source, sourceOf } from "./app-source.tsx";
import { JsonField } from "./fields/json-field.tsx";
import { isObject } from "./fields/list-field.tsx";
import type { JsonObject } from "./fields/spec.ts";

export default function AppFormPage({ params: { name } }: PageProps) {
  return name === undefined ? <New /> : <Edit key={name} name={name} />;
}

type Behaviour = {
  configuration: JsonObject | undefined;
  remove: boolean;
  updates: "always" | "never" | "window";
  from: string;
  until: string;
  pinned: string;
};
type Draft = Behaviour & Source & { name: string };

const usual: Behaviour = {
  configuration: undefined,
  remove: true,
  updates: "always",
  from: "22:00",
  until: "05:00",
  pinned: "",
};

const behaviourOf = ({ remove, updates, from, until, pinned }: Behaviour) => ({
  remove_when_unassigned: remove,
  updates: updates === "window" ? { from, until } : updates,
  pinned_version: pinned.trim() === "" ? null : Number(pinned),
});

const addressOf = (name: string): string => `/apps/${encodeURIComponent(name)}`;

function New() {
  const said = words("library").appForm;
  const { pages, say: common } = words("common");
  const empty: Draft = {
    ...usual,
    ...{ name: "", kind: "store", location: "", adamId: "", url: "", bundleId: "", packageName: "" },
  };
  const form = useForm(empty, (draft) =>
    api.put("/apps/{name}", {
      path: { name: draft.name.trim() },
      body: {
        source: sourceOf(draft),
        ...(draft.configuration && { configuration: draft.configuration }),
        behaviour: behaviourOf(draft),
      },
      headers: { "If-None-Match": "*" },
    }),
  );
  const shown = useTaken(form, "name", said.taken);
  return (
    <>
      <PageHead title={said.new} lead={said.newLead} back={{ to: "/apps", title: pages.apps }} />
      <Form
        state={shown}
        submit={common.save}
        onCancel={() => go("/apps")}
        onDone={() => {
          say(said.made);
          void go(addressOf(form.values.name.trim()));
        }}
      >
        <AppSource form={shown} />
        <NameField form={shown} said={{ name: words("library").name, nameHint: said.nameHint }} mono />
        <BehaviourFields form={shown} />
      </Form>
    </>
  );
}

type Known = Schemas["AppDetail"];

function draftOf({
  configuration,
  behaviour: { remove_when_unassigned, updates, pinned_version },
}: Known): Behaviour {
  const isWindow = typeof updates !== "string";
  return {
    configuration: (configuration as JsonObject | null) ?? undefined,
    remove: remove_when_unassigned,
    updates: isWindow ? "window" : updates,
    from: isWindow ? updates.from : usual.from,
    until: isWindow ? updates.until : usual.until,
    pinned: pinned_version === null ? "" : String(pinned_version),
  };
}

function Edit({ name }: { name: string }) {
  const said = words("library").appForm;
  const read = () => readTagged("/apps/{name}", { path: { name } });
  const app = useResource(read, [name]);
  return (
    <>
      <PageHead
        title={said.edit(app.value?.value.title ?? name)}
        lead={said.editLead}
        back={{ to: addressOf(name), title: name }}
      />
      <Load of={app} rows={6}>
        {(known) => <EditForm known={known} read={read} onSaved={app.set} />}
      </Load>
    </>
  );
}

function EditForm({
  known,
  read,
  onSaved,
}: {
  known: Tagged<Known>;
  read: () => Promise<Tagged<Known>>;
  onSaved: (known: Tagged<Known>) => void;
}) {
  const { name, source } = known.value;
  const { say: common } = words("common");
  const { form, ...others } = useTaggedForm({
    known,
    read,
    onSaved,
    valuesOf: draftOf,
    save: (draft, before, guard) => {
      // Who sees masked values must not save the masks: what was not touched is left out, and stays.
      const touched = JSON.stringify(draft.configuration) !== JSON.stringify(before.configuration);
      return api.put("/apps/{name}", {
        path: { name },
        body: {
          source,
          ...(touched && { configuration: draft.configuration ?? null }),
          behaviour: behaviourOf(draft),
        },
        ...guard,
      });
    },
  });
  return (
    <Form
      state={form}
      submit={common.save}
      onCancel={() => go(addressOf(name))}
      onDone={() => {
        say(common.saved);
        void go(addressOf(name));
      }}
      {...others}
    >
      <BehaviourFields form={form} />
    </Form>
  );
}

function BehaviourFields({
  form: { values, errors, set },
}: {
  form: {
    values: Behaviour;
    errors: FormState<Behaviour>["errors"];
    set: (change: Partial<Behaviour>) => void;
  };
}) {
  const said = words("library").appForm;
  const { updates } = said;
  return (
    <Section title={said.behaviour}>
      <div class="group">
        <SelectField
          label={said.whenUpdated}
          error={errors["/behaviour/updates"]}
          value={values.updates}
          options={[
            ["always", updates.always],
            ["window", updates.window],
            ["never", updates.never],
          ]}
          onChange={(chosen) => set({ updates: chosen })}
        />
        {values.updates === "window" && (
          <div class="from-until">
            <TextField
              label={said.from}
              error={errors["/behaviour/updates/from"]}
              placeholder="22:00"
              value={values.from}
              onInput={(from) => set({ from })}
            />
            <TextField
              label={said.until}
              error={errors["/behaviour/updates/until"]}
              placeholder="05:00"
              value={values.until}
              onInput={(until) => set({ until })}
            />
          </div>
        )}
        <TextField
          label={said.pinned}
          hint={said.pinnedHint}
          error={errors["/behaviour/pinned_version"]}
          type="number"
          min={1}
          value={values.pinned}
          onInput={(pinned) => set({ pinned })}
        />
        <CheckField
          label={said.remove}
          hint={said.removeHint}
          checked={values.remove}
          onChange={(remove) => set({ remove })}
        />
        <JsonField
          value={values.configuration}
          onChange={(next) => set({ configuration: next !== undefined && isObject(next) ? next : undefined })}
          frame={{
            label: said.configuration,
            hint: said.configurationHint,
            error: Object.entries(errors).find(([pointer]) => pointer.startsWith("/configuration"))?.[1],
          }}
        />
      </div>
    </Section>
  );
}
