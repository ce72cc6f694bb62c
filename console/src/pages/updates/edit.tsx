// The form of an update policy: a new one, or one that others may change meanwhile.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { ProblemError } from "../../api/fault.ts";
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
import { useTaken } from "../../parts/taken.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { type Platform, type Policy, platforms, platformTitle } from "./said.ts";

type Values = {
  name: string;
  kind: Policy["target"]["kind"];
  days: string;
  time: string;
  version: string;
  deadline: string;
  platforms: Platform[];
  sets: string[];
  url: string;
  plan: string;
};

type Choices = { sets: string[]; plans: string[] };

async function readChoices(signal: AbortSignal): Promise<Choices> {
  const [sets, settings] = await Promise.all([
    api.get("/sets", { query: { limit: 200 }, signal }),
    api.get("/settings", { signal }),
  ]);
  return {
    sets: sets.items.map(({ name }) => name).filter((name) => !name.startsWith("software-update.")),
    plans: (settings.rollout_plans ?? []).map(({ name }) => name),
  };
}

const fresh: Values = {
  ...{ name: "", kind: "latest", days: "14", time: "18:00", version: "", deadline: "" },
  ...{ platforms: ["ios", "ipados", "macos"], sets: [], url: "", plan: "" },
};

function valuesOf({ name, target, platforms, sets, details_url, rollout }: Policy): Values {
  const common = { ...fresh, name, kind: target.kind, platforms, sets };
  const rest = { url: details_url ?? "", plan: rollout ?? "" };
  return target.kind === "latest"
    ? { ...common, ...rest, days: String(target.days_after_release), time: target.local_time ?? "18:00" }
    : { ...common, ...rest, version: target.version, deadline: target.deadline.slice(0, 16) };
}

const bodyOf = (
  values: Values,
  before: Policy | undefined,
  confirm?: string,
): Schemas["NewSoftwareUpdatePolicy"] => ({
  target:
    values.kind === "latest"
      ? { kind: "latest", days_after_release: Number(values.days), local_time: values.time }
      : {
          kind: "version",
          version: values.version.trim(),
          deadline: values.deadline.length === 16 ? `${values.deadline}:00` : values.deadline,
          // A build belongs to its version alone.
          ...(before?.target.kind === "version" &&
            before.target.version === values.version.trim() &&
            before.target.build !== undefined && { build: before.target.build }),
        },
  platforms: values.platforms,
  sets: values.sets,
  details_url: values.url.trim() || null,
  rollout: values.plan || null,
  ...(confirm !== undefined && { confirm }),
});

/** What the server asks to have repeated before it believes a strange version or day. */
function asksFor(error: unknown): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const details = error.problem.errors?.map(({ detail }) => detail).join(" ") ?? "";
  return /send "confirm": ("(?:[^"\\]|\\.)*")/
    .exec(details)
    ?.slice(1)
    .map((quoted) => JSON.parse(quoted) as string)[0];
}

/** Saves; after a doubt of the server, once more with what it asked for, if the person says so. */
function useDoubt() {
  const [doubt, setDoubt] = useState<string>();
  const [meant, setMeant] = useState(false);
  return {
    doubt,
    meant,
    setMeant,
    confirming: async (send: (confirm: string | undefined) => Promise<unknown>): Promise<void> => {
      try {
        await send(meant ? doubt : undefined);
        setDoubt(undefined);
      } catch (error) {
        setDoubt(asksFor(error));
        setMeant(false);
        throw error;
      }
    },
  };
}

type Doubt = ReturnType<typeof useDoubt>;

export function NewPolicy({ onDone, onCancel }: { onDone: (name: string) => void; onCancel: () => void }) {
  const choices = useResource(readChoices, []);
  const doubt = useDoubt();
  const form = useForm(fresh, async (values) => {
    const name = values.name.trim();
    await doubt.confirming((confirm) =>
      api.put("/software-updates/policies/{name}", {
        path: { name },
        body: bodyOf(values, undefined, confirm),
        headers: { "If-None-Match": "*" },
      }),
    );
    say(words("updates").form.saved);
    setTimeout(() => onDone(name));
  });
  const state = useTaken(form, "name", words("updates").form.taken);
  return (
    <Load of={choices}>
      {(known) => (
        <Form state={state} submit={words("updates").form.make} onCancel={onCancel}>
          <NameField form={state} said={words("updates")} />
          <Fields form={form} choices={known} doubt={doubt} />
        </Form>
      )}
    </Load>
  );
}

export function EditPolicy({
  known,
  onSaved,
  onClose,
}: {
  known: Tagged<Policy>;
  onSaved: (known: Tagged<Policy>) => void;
  onClose: () => void;
}) {
  const choices = useResource(readChoices, []);
  const doubt = useDoubt();
  const path = { name: known.value.name };
  const { form, ...others } = useTaggedForm({
    ...{ known, valuesOf, onSaved },
    read: () => readTagged("/software-updates/policies/{name}", { path }),
    save: (values: Values, _before, guard) =>
      doubt.confirming((confirm) =>
        api.put("/software-updates/policies/{name}", {
          path,
          body: bodyOf(values, known.value, confirm),
          ...guard,
        }),
      ),
  });
  const done = () => {
    say(words("updates").form.saved);
    onClose();
  };
  return (
    <Load of={choices}>
      {(found) => (
        <Form state={form} submit={words("updates").form.save} onCancel={onClose} onDone={done} {...others}>
          <Fields form={form} choices={found} doubt={doubt} />
        </Form>
      )}
    </Load>
  );
}

const toggled = <Item,>(all: readonly Item[], one: Item, on: boolean): Item[] =>
  on ? [...all, one] : all.filter((other) => other !== one);

function Fields({ form, choices, doubt }: { form: FormState<Values>; choices: Choices; doubt: Doubt }) {
  const said = words("updates").form;
  const { values, errors, set } = form;
  const plans = [...new Set([...choices.plans, ...(values.plan === "" ? [] : [values.plan])])];
  return (
    <>
      <SelectField
        label={said.kind}
        value={values.kind}
        options={(["latest", "version"] as const).map((kind) => [kind, said.kinds[kind]] as const)}
        onChange={(kind) => set({ kind })}
      />
      {values.kind === "latest" ? (
        <div class="pair">
          <TextField
            label={said.days}
            hint={said.daysHint}
            type="number"
            min={0}
            max={365}
            required
            error={errors["/target/days_after_release"]}
            value={values.days}
            onInput={(days) => set({ days })}
          />
          <TextField
            label={said.time}
            placeholder="18:00"
            required
            error={errors["/target/local_time"]}
            value={values.time}
            onInput={(time) => set({ time })}
          />
        </div>
      ) : (
        <div class="pair">
          <TextField
            label={said.version}
            hint={said.versionHint}
            required
            error={errors["/target/version"]}
            value={values.version}
            onInput={(version) => set({ version })}
          />
          <TextField
            label={said.deadline}
            type="datetime-local"
            required
            error={errors["/target/deadline"]}
            value={values.deadline}
            onInput={(deadline) => set({ deadline })}
          />
        </div>
      )}
      <fieldset class="choices">
        <legend class="legend">{said.platforms}</legend>
        {platforms.map((platform) => (
          <CheckField
            key={platform}
            label={platformTitle(platform)}
            checked={values.platforms.includes(platform)}
            onChange={(on) => set({ platforms: toggled(values.platforms, platform, on) })}
          />
        ))}
        {values.platforms.length === 0 && <p class="error">{said.onePlatform}</p>}
      </fieldset>
      <fieldset class="choices">
        <legend class="legend">{said.sets}</legend>
        <p class="hint">{said.setsHint}</p>
        {[...new Set([...choices.sets, ...values.sets])].map((name) => (
          <CheckField
            key={name}
            label={name}
            checked={values.sets.includes(name)}
            onChange={(on) => set({ sets: toggled(values.sets, name, on) })}
          />
        ))}
      </fieldset>
      <SelectField
        label={said.plan}
        hint={said.planHint}
        error={errors["/rollout"]}
        value={values.plan}
        options={[["", words("updates").allAtOnce] as const, ...plans.map((plan) => [plan, plan] as const)]}
        onChange={(plan) => set({ plan })}
      />
      <TextField
        label={said.url}
        type="url"
        error={errors["/details_url"]}
        value={values.url}
        onInput={(url) => set({ url })}
      />
      {doubt.doubt !== undefined && (
        <CheckField
          label={`${said.confirm}: ${doubt.doubt}`}
          hint={said.confirmHint}
          checked={doubt.meant}
          onChange={doubt.setMeant}
        />
      )}
    </>
  );
}
