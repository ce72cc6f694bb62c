// Which first start the devices of an account get: rules, of which the first that fits counts, and one for all others.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { Form, type FormState, SelectField, TextField, useTaggedForm } from "../../parts/form.tsx";
import { Facts } from "../../parts/page.tsx";
import { Disclosure } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { conditions, type DraftRule, draftOf, emptyRule, fieldOfError, rulesOf } from "./rule-draft.ts";

type Rules = Schemas["AdeRules"];
type Draft = { rules: readonly DraftRule[]; others: string };

export function AccountRules({ name, onChanged }: { name: string; onChanged: () => void }) {
  const read = useResource(
    async (signal) => {
      const [known, profiles] = await Promise.all([
        readTagged("/ade/accounts/{name}/rules", { path: { name }, signal }),
        api.get("/ade/profiles", { query: { limit: 200 }, signal }),
      ]);
      return { known, names: profiles.items.map((profile) => profile.name) };
    },
    [name],
  );
  const done = () => {
    read.reload();
    onChanged();
  };
  return (
    <Load of={read} rows={2}>
      {({ known, names }) =>
        may("PUT /ade/accounts/{name}/rules") ? (
          <EditRules name={name} known={known} names={names} onChanged={done} />
        ) : (
          <ShownRules rules={known.value} />
        )
      }
    </Load>
  );
}

function ShownRules({ rules: { rules, default_profile } }: { rules: Rules }) {
  const { account: said } = words("apple");
  return (
    <>
      {rules.length > 0 && (
        <Disclosure title={`${said.rules} (${rules.length})`}>
          <p class="hint">{said.rulesHint}</p>
          <ol>
            {rules.map(({ profile, ...fits }, at) => (
              <li key={at}>
                <strong>{profile}</strong>{" "}
                <span class="breakable">{Object.values(fits).flat().join(", ") || said.everyDevice}</span>
              </li>
            ))}
          </ol>
        </Disclosure>
      )}
      <Facts items={[[said.default, default_profile ?? said.none]]} />
    </>
  );
}

function EditRules({
  name,
  known,
  names,
  onChanged,
}: {
  name: string;
  known: Tagged<Rules>;
  names: readonly string[];
  onChanged: () => void;
}) {
  const { account: said } = words("apple");
  const path = { name };
  const { form, ...others } = useTaggedForm({
    known,
    valuesOf: ({ rules, default_profile }: Rules): Draft => ({
      rules: rules.map(draftOf),
      others: default_profile ?? "",
    }),
    read: () => readTagged("/ade/accounts/{name}/rules", { path }),
    onSaved: onChanged,
    save: async (draft: Draft, _before, guard) => {
      const body = { rules: rulesOf(draft.rules), default_profile: draft.others || null };
      await api.put("/ade/accounts/{name}/rules", { path, body, ...guard });
    },
  });
  const { rules } = form.values;
  return (
    <Form state={form} submit={said.save} onDone={() => say(said.saved)} {...others}>
      <Disclosure title={rules.length > 0 ? `${said.rules} (${rules.length})` : said.rules}>
        <div class="group">
          <p class="hint">{said.rulesHint}</p>
          {rules.map((rule, at) => (
            <RuleFields key={rule.key} at={at} rule={rule} names={names} form={form} />
          ))}
          <div class="actions">
            <Button
              small
              icon="enroll"
              onClick={() => form.set({ rules: [...rules, emptyRule(names[0] ?? "")] })}
            >
              {said.addRule}
            </Button>
          </div>
        </div>
      </Disclosure>
      <SelectField
        label={said.default}
        error={form.errors["/default_profile"]}
        value={form.values.others}
        options={[["", said.none] as const, ...names.map((one) => [one, one] as const)]}
        onChange={(profile) => form.set({ others: profile })}
      />
    </Form>
  );
}

function RuleFields({
  at,
  rule,
  names,
  form,
}: {
  at: number;
  rule: DraftRule;
  names: readonly string[];
  form: FormState<Draft>;
}) {
  const { account: said } = words("apple");
  const { rules } = form.values;
  const put = (change: Partial<DraftRule>) => form.set({ rules: rules.with(at, { ...rule, ...change }) });
  const move = (by: 1 | -1) => {
    const rest = rules.toSpliced(at, 1);
    form.set({ rules: rest.toSpliced(at + by, 0, rule) });
  };
  const errorAt = (field: string) => fieldOfError(form.errors, at, field);
  return (
    <fieldset class="rule">
      <legend>{said.rule(at + 1)}</legend>
      <div class="actions end">
        <Button
          small
          kind="quiet"
          icon="up"
          label={said.earlier}
          disabled={at === 0}
          onClick={() => move(-1)}
        />
        <Button
          small
          kind="quiet"
          icon="down"
          label={said.later}
          disabled={at === rules.length - 1}
          onClick={() => move(1)}
        />
        <Button
          small
          kind="quiet"
          icon="trash"
          label={said.removeRule(at + 1)}
          onClick={() => form.set({ rules: rules.toSpliced(at, 1) })}
        />
      </div>
      <SelectField
        label={said.ruleGives}
        error={errorAt("profile")}
        value={rule.profile}
        options={[...new Set([rule.profile, ...names])].map((one) => [one, one] as const)}
        onChange={(profile) => put({ profile })}
      />
      <div class="fields">
        {conditions.map((condition) => (
          <TextField
            key={condition}
            label={said.conditions[condition]}
            hint={said.conditionHints[condition]}
            error={errorAt(condition)}
            rows={2}
            value={rule[condition]}
            onInput={(text) => put({ [condition]: text })}
          />
        ))}
      </div>
    </fieldset>
  );
}
