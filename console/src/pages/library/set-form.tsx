// A set is made or changed: its name, whom it reaches, and how it works. What it gives is on its page.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Load } from "../../parts/fault.tsx";
import { CheckField, Form, type FormState, TextField, useForm, useTaggedForm } from "../../parts/form.tsx";
import { NameField } from "../../parts/name-field.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Disclosure } from "../../parts/small.tsx";
import { useTaken } from "../../parts/taken.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { OpenRollout, useOpenRollout } from "./in-rings.tsx";
import { bodyOf, keepWarnings } from "./set-body.ts";
import { type Condition, conditionsOf, FilterFields, FilterReach, filterOf } from "./set-filter.tsx";

export default function SetFormPage({ params: { name } }: PageProps) {
  return name === undefined ? <New /> : <Edit key={name} name={name} />;
}

type Draft = {
  name: string;
  description: string;
  conditions: Condition[];
  activate: boolean;
  predicate: string;
  deviceName: string;
};

const addressOf = (name: string): string => `/sets/${encodeURIComponent(name)}`;

const settingsOf = ({ description, conditions, activate, predicate, deviceName }: Draft) => ({
  description,
  filter: filterOf(conditions),
  activate,
  predicate: activate && predicate.trim() !== "" ? predicate : null,
  device_name: deviceName.trim() === "" ? null : deviceName.trim(),
});

function New() {
  const said = words("library").setForm;
  const { pages, say: common } = words("common");
  const empty: Draft = {
    name: "",
    description: "",
    conditions: [],
    activate: true,
    predicate: "",
    deviceName: "",
  };
  const form = useForm(empty, async (draft) => {
    const saved = await api.put("/sets/{name}", {
      path: { name: draft.name.trim() },
      body: settingsOf(draft),
      headers: { "If-None-Match": "*" },
    });
    // What it lacks still is what its page asks for next.
    keepWarnings(saved.name, []);
  });
  const shown = useTaken(form, "name", said.taken);
  return (
    <>
      <PageHead title={said.new} lead={said.newLead} back={{ to: "/sets", title: pages.sets }} />
      <Form
        state={shown}
        submit={common.save}
        onCancel={() => go("/sets")}
        onDone={() => {
          say(said.made);
          void go(addressOf(form.values.name.trim()));
        }}
      >
        <NameField form={shown} said={{ name: words("library").name, nameHint: said.nameHint }} />
        <Fields form={shown} />
      </Form>
    </>
  );
}

type Known = Schemas["Set"];

const draftOf = (set: Known): Draft => ({
  name: set.name,
  description: set.description,
  conditions: conditionsOf(set.filter),
  activate: set.activate,
  predicate: set.predicate ?? "",
  deviceName: set.device_name ?? "",
});

function Edit({ name }: { name: string }) {
  const said = words("library").setForm;
  const read = () => readTagged("/sets/{name}", { path: { name } });
  const set = useResource(read, [name]);
  const rollout = useOpenRollout(name);
  return (
    <>
      <PageHead title={said.edit(name)} back={{ to: addressOf(name), title: name }} />
      <OpenRollout of={rollout.value} note={words("library").inRings.filterAtOnce} />
      <Load of={set} rows={6}>
        {(known) => <EditForm known={known} read={read} onSaved={set.set} />}
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
  const { name } = known.value;
  const { say: common } = words("common");
  const { form, ...others } = useTaggedForm({
    known,
    read,
    onSaved,
    valuesOf: draftOf,
    save: async (draft, _before, guard) => {
      // With the tag, what it gives is as it was read; saved over another edit, it keeps what that put in.
      const given = "If-Match" in guard.headers ? known.value : (await read()).value;
      const saved = await api.put("/sets/{name}", {
        path: { name },
        body: { ...bodyOf(given), ...settingsOf(draft) },
        ...guard,
      });
      keepWarnings(name, saved.warnings);
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
      <Fields form={form} />
    </Form>
  );
}

function Fields({ form }: { form: FormState<Draft> }) {
  const said = words("library").setForm;
  const { values, set, errors } = form;
  const filter = filterOf(values.conditions);
  return (
    <>
      <TextField
        label={words("library").description}
        error={errors["/description"]}
        value={values.description}
        onInput={(description) => set({ description })}
      />
      <FilterFields
        conditions={values.conditions}
        onChange={(conditions) => set({ conditions })}
        errorAt={(condition) => errors[`/filter/${condition}`]}
      />
      <FilterReach filter={filter} />
      <Disclosure
        title={said.more}
        open={values.deviceName !== "" || values.predicate !== "" || !values.activate}
      >
        <div class="group">
          <CheckField
            label={said.activate}
            hint={said.activateHint}
            checked={values.activate}
            onChange={(activate) => set({ activate })}
          />
          {values.activate && (
            <TextField
              label={words("library").predicate}
              hint={said.predicateHint}
              error={errors["/predicate"]}
              mono
              value={values.predicate}
              onInput={(predicate) => set({ predicate })}
            />
          )}
          <TextField
            label={words("library").deviceName}
            hint={said.deviceNameHint}
            error={errors["/device_name"]}
            mono
            placeholder="{{device.model}}-{{device.serial_number}}"
            value={values.deviceName}
            onInput={(deviceName) => set({ deviceName })}
          />
        </div>
      </Disclosure>
    </>
  );
}
