// The plans: in which steps a change goes, and when it halts.
import { useState } from "preact/hooks";
import { api, readTagged, type Tagged, unlessChanged } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm, Dialog } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Form, SelectField, TextField, useTaggedForm } from "../../parts/form.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Card, Section } from "../../parts/page.tsx";
import { Badge, Empty } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { percent } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { type Known, type Plan, patchOf, plansOf, type Values, valuesOf, withPlan } from "./plan-form.ts";

export function Plans() {
  const said = words("rollouts").plans;
  const settings = useResource((signal) => readTagged("/settings", { signal }), []);
  const [edited, setEdited] = useState<string>();
  return (
    <>
      <p class="hint lead">{said.hint}</p>
      <Load of={settings}>
        {(known) => (
          <>
            {plansOf(known.value).length === 0 && <Empty title={said.none} icon="update" />}
            {plansOf(known.value).map((plan) => (
              <OnePlan
                key={plan.name}
                plan={plan}
                known={known}
                onEdit={() => setEdited(plan.name)}
                onChange={settings.reload}
              />
            ))}
            <div class="actions center">
              <Button icon="enroll" may="PATCH /settings" onClick={() => setEdited("")}>
                {said.add}
              </Button>
            </div>
            <Critical known={known} onSaved={settings.set} />
            {edited !== undefined && (
              <EditPlan
                known={known}
                name={edited}
                onSaved={settings.set}
                onClose={() => setEdited(undefined)}
              />
            )}
          </>
        )}
      </Load>
    </>
  );
}

function OnePlan({
  plan,
  known,
  onEdit,
  onChange,
}: {
  plan: Plan;
  known: Tagged<Known>;
  onEdit: () => void;
  onChange: () => void;
}) {
  const said = words("rollouts");
  const { say: common } = words("common");
  const remove = useAction(async () => {
    const yes = await confirm({
      title: said.plans.deleteTitle(plan.name),
      text: said.plans.deleteText,
      yes: common.delete,
      danger: true,
    });
    if (!yes) return;
    const rollout_plans = plansOf(known.value).filter(({ name }) => name !== plan.name);
    await api.patch("/settings", { body: { rollout_plans }, ...unlessChanged(known.tag) });
    say(said.plans.deleted);
    onChange();
  });
  return (
    <Card>
      <div class="certificate-line">
        <h2>{plan.name}</h2>
        <div class="actions">
          <Button
            small
            icon="edit"
            may="PATCH /settings"
            label={`${said.plans.edit}: ${plan.name}`}
            onClick={onEdit}
          >
            {said.plans.edit}
          </Button>
          <Button
            small
            kind="quiet"
            icon="trash"
            may="PATCH /settings"
            busy={remove.busy}
            label={`${common.delete}: ${plan.name}`}
            onClick={() => remove.run()}
          />
        </div>
      </div>
      <p class="plan-rings">
        {plan.rings.map((ring, at) => (
          <>
            <Badge key={at}>{"percent" in ring ? percent(ring.percent / 100) : ring.sets.join(", ")}</Badge>
            <Icon name="next" size={14} />
          </>
        ))}
        <Badge>{said.plans.last}</Badge>
      </p>
      <p class="hint">
        {said.planSays(plan.hours ?? 24)}{" "}
        {said.halts(plan.max_failed_percent ?? 5, plan.max_silent_percent ?? 20)}
      </p>
      <FaultNote fault={remove.fault} onTakeTheirs={onChange} />
    </Card>
  );
}

function EditPlan({
  known,
  name,
  onSaved,
  onClose,
}: {
  known: Tagged<Known>;
  name: string;
  onSaved: (known: Tagged<Known>) => void;
  onClose: () => void;
}) {
  const said = words("rollouts").plans;
  const { form, ...others } = useTaggedForm({
    known,
    valuesOf: (settings: Known) => valuesOf(plansOf(settings).find((plan) => plan.name === name)),
    read: () => readTagged("/settings", {}),
    onSaved,
    save: async (values: Values, _before, guard) => {
      // What others did to other plans meanwhile stays.
      const now = await readTagged("/settings", {});
      const rollout_plans = withPlan(plansOf(now.value), name, patchOf(values));
      await api.patch("/settings", { body: { rollout_plans }, ...guard });
    },
  });
  const { values, set } = form;
  const at = plansOf(known.value).findIndex((plan) => plan.name === name);
  const index = at < 0 ? plansOf(known.value).length : at;
  const errorOf = (field: string) =>
    Object.entries(form.errors).find(([pointer]) =>
      pointer.startsWith(`/rollout_plans/${index}/${field}`),
    )?.[1];
  const figure = (field: "hours" | "silent" | "maxFailed" | "maxSilent", named: string, hint?: string) => (
    <TextField
      label={said[field]}
      {...(hint !== undefined && { hint })}
      type="number"
      error={errorOf(named)}
      value={values[field]}
      required={field !== "silent"}
      onInput={(typed) => set({ [field]: typed })}
    />
  );
  return (
    <Dialog title={name === "" ? said.add : name} onClose={onClose}>
      <Form
        state={form}
        submit={said.save}
        onCancel={onClose}
        onDone={() => {
          say(said.saved);
          onClose();
        }}
        {...others}
      >
        {name === "" && (
          <TextField
            label={said.name}
            hint={said.nameHint}
            required
            error={errorOf("name")}
            value={values.name}
            onInput={(typed) => set({ name: typed })}
          />
        )}
        <TextField
          label={said.rings}
          hint={said.ringsHint}
          rows={3}
          required
          error={errorOf("rings")}
          value={values.rings}
          onInput={(rings) => set({ rings })}
        />
        <div class="pair">
          {figure("hours", "hours")}
          {figure("silent", "silent_hours", said.silentHint)}
        </div>
        <div class="pair">
          {figure("maxFailed", "max_failed_percent")}
          {figure("maxSilent", "max_silent_percent")}
        </div>
      </Form>
    </Dialog>
  );
}

/** Which plan changes of the network have, if they name none. */
function Critical({ known, onSaved }: { known: Tagged<Known>; onSaved: (known: Tagged<Known>) => void }) {
  const said = words("rollouts").plans;
  const { form, ...others } = useTaggedForm({
    known,
    valuesOf: (settings: Known) => ({ plan: settings.connectivity_rollout ?? "" }),
    read: () => readTagged("/settings", {}),
    onSaved,
    save: ({ plan }, _before, guard) =>
      api.patch("/settings", { body: { connectivity_rollout: plan || null }, ...guard }),
  });
  const plans = plansOf(known.value).map(({ name }) => [name, name] as const);
  return (
    <Section title={said.critical} hint={said.criticalHint}>
      {may("PATCH /settings") ? (
        <Form state={form} submit={said.save} onDone={() => say(said.saved)} {...others}>
          <SelectField
            label={words("rollouts").plan}
            error={form.errors["/connectivity_rollout"]}
            value={form.values.plan}
            options={[["", said.noCritical] as const, ...plans]}
            onChange={(plan) => form.set({ plan })}
          />
        </Form>
      ) : (
        <Badge>{known.value.connectivity_rollout ?? said.noCritical}</Badge>
      )}
    </Section>
  );
}
