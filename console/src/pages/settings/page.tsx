// Settings: the organization, as people read of it; all others in sight.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useResource } from "../../api/resource.ts";
import { Load } from "../../parts/fault.tsx";
import { Form, TextField, useTaggedForm } from "../../parts/form.tsx";
import { Card, Facts, PageHead, Section } from "../../parts/page.tsx";
import { CodeBlock, Disclosure } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type Known = Schemas["Settings"];

const fields = ["name", "email", "phone", "url", "color"] as const;
const settingOf = {
  name: "organization",
  email: "organization_email",
  phone: "organization_phone",
  url: "organization_url",
  color: "organization_color",
} as const;

type Values = Record<(typeof fields)[number], string>;

const valuesOf = (known: Known): Values =>
  Object.fromEntries(fields.map((field) => [field, known[settingOf[field]] ?? ""])) as Values;

export default function SettingsPage() {
  const said = words("operations").settings;
  const settings = useResource((signal) => readTagged("/settings", { signal }), []);
  return (
    <>
      <PageHead title={words("common").pages.settings} lead={said.lead} />
      <Load of={settings} rows={8}>
        {(known) => (
          <>
            <Section title={said.organization} hint={said.organizationHint}>
              {may("PATCH /settings") ? (
                <Organization known={known} onSaved={settings.set} />
              ) : (
                <Card>
                  <Facts
                    items={fields.map((field) => [said[field], valuesOf(known.value)[field] || undefined])}
                  />
                </Card>
              )}
            </Section>
            <Disclosure title={said.others}>
              <p class="hint">{said.othersHint}</p>
              <CodeBlock label={said.others} text={JSON.stringify(known.value, null, 2)} />
            </Disclosure>
          </>
        )}
      </Load>
    </>
  );
}

function Organization({ known, onSaved }: { known: Tagged<Known>; onSaved: (known: Tagged<Known>) => void }) {
  const said = words("operations").settings;
  const { form, ...others } = useTaggedForm({
    ...{ known, valuesOf, onSaved },
    read: () => readTagged("/settings", {}),
    save: (values, before, guard) => {
      const changed = fields.filter((field) => values[field] !== before[field]);
      const body: Schemas["SettingsPatch"] = Object.fromEntries(
        changed.map((field) => [
          settingOf[field],
          field === "name" ? values.name.trim() : values[field].trim() || null,
        ]),
      );
      return api.patch("/settings", { body, ...guard });
    },
  });
  const { values, errors, set } = form;
  return (
    <Form state={form} submit={said.save} onDone={() => say(said.saved)} {...others}>
      {fields.map((field) => (
        <TextField
          key={field}
          label={said[field]}
          error={errors[`/${settingOf[field]}`]}
          value={values[field]}
          required={field === "name"}
          {...(field === "color" && { hint: said.colorHint })}
          onInput={(typed) => set({ [field]: typed })}
        />
      ))}
    </Form>
  );
}
