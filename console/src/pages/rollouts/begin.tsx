// A rollout begins with a change: of what a set gives, of a profile or of a declaration. Apps have no rings.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Load } from "../../parts/fault.tsx";
import { FileField, Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { kinds, objectIn, saveChange, textOf, whats } from "./change.ts";

type Kind = "profiles" | "declarations";
type Known = {
  plans: string[];
  sets: Schemas["Set"][];
  names: Record<Kind, string[]>;
};

const most = { limit: 200 };

async function readKnown(signal: AbortSignal): Promise<Known> {
  const [settings, sets, profiles, declarations] = await Promise.all([
    api.get("/settings", { signal }),
    api.get("/sets", { query: most, signal }),
    api.get("/profiles", { query: most, signal }),
    api.get("/declarations", { query: most, signal }),
  ]);
  return {
    plans: (settings.rollout_plans ?? []).map(({ name }) => name),
    sets: sets.items,
    names: {
      profiles: profiles.items.map(({ identifier }) => identifier),
      declarations: declarations.items.map(({ identifier }) => identifier),
    },
  };
}

export function BeginRollout({ onClose }: { onClose: () => void }) {
  const said = words("rollouts").begin;
  const known = useResource(readKnown, []);
  return (
    <Dialog title={said.title} onClose={onClose}>
      <p class="hint">
        {said.hint} {said.apps}
      </p>
      <Load of={known}>{(found) => <Change known={found} onClose={onClose} />}</Load>
    </Dialog>
  );
}

function Change({ known: { plans, sets, names }, onClose }: { known: Known; onClose: () => void }) {
  const said = words("rollouts").begin;
  const { kinds: saidKinds } = words("library");
  const [file, setFile] = useState<File>();
  const [tried, setTried] = useState(false);
  const form = useForm(
    {
      what: "set" as (typeof whats)[number],
      set: sets[0]?.name ?? "",
      how: "add" as "add" | "remove",
      kind: "profiles" as (typeof kinds)[number],
      member: "",
      profile: "",
      declaration: "",
      text: "",
      plan: plans[0] ?? "none",
    },
    async (values) => {
      const id = await saveChange(values, file);
      say(id === null ? said.allAtOnce : said.begun);
      onClose();
      if (id !== null) setTimeout(() => void go(`/rollouts/${id}`));
    },
  );
  const { values, errors, set } = form;
  const isComplete = {
    set: values.member !== "",
    profile: values.profile !== "" && file !== undefined,
    declaration: values.declaration !== "" && objectIn(values.text) !== undefined,
    policy: false,
  }[values.what];
  const submit = async () => {
    setTried(true);
    return isComplete && (await form.submit());
  };
  const missing = (value: unknown) => (tried && !value ? words("common").say.required : undefined);
  const chosen = sets.find(({ name }) => name === values.set);
  const has = chosen?.[values.kind] ?? [];
  const members = values.how === "remove" ? has : names[values.kind].filter((name) => !has.includes(name));
  const offer = (all: readonly string[]) => [
    ["", said.choose] as const,
    ...all.map((one) => [one, one] as const),
  ];
  if (values.what === "policy")
    return (
      <>
        <What value={values.what} onChange={(what) => set({ what })} />
        <p class="hint">{said.policyHint}</p>
        <div class="actions end">
          <ButtonLink kind="primary" to="/updates">
            {said.toPolicy}
          </ButtonLink>
        </div>
      </>
    );
  return (
    <Form state={{ ...form, submit }} submit={said.go} onCancel={onClose}>
      <What value={values.what} onChange={(what) => set({ what })} />
      {values.what === "profile" ? (
        <>
          <SelectField
            label={said.profile}
            error={missing(values.profile)}
            value={values.profile}
            options={offer(names.profiles)}
            onChange={(profile) => set({ profile })}
          />
          <FileField
            label={said.file}
            error={missing(file)}
            hint={said.fileHint}
            accept=".mobileconfig,.plist,.xml"
            onFile={setFile}
          />
        </>
      ) : values.what === "declaration" ? (
        <>
          <SelectField
            label={said.declaration}
            error={missing(values.declaration)}
            value={values.declaration}
            options={offer(names.declarations)}
            onChange={(declaration) => {
              set({ declaration, text: "" });
              if (declaration !== "") void textOf(declaration).then((text) => set({ text }));
            }}
          />
          <TextField
            label={said.file}
            hint={said.declarationHint}
            error={tried && objectIn(values.text) === undefined ? said.noJson : undefined}
            mono
            rows={10}
            value={values.text}
            onInput={(text) => set({ text })}
          />
        </>
      ) : sets.length === 0 ? (
        <p class="hint">{said.noSets}</p>
      ) : (
        <>
          <SelectField
            label={said.set}
            value={values.set}
            options={sets.map(({ name }) => [name, name] as const)}
            onChange={(name) => set({ set: name, member: "" })}
          />
          <SelectField
            label={said.how}
            value={values.how}
            options={(["add", "remove"] as const).map((how) => [how, said.hows[how]] as const)}
            onChange={(how) => set({ how, member: "" })}
          />
          <SelectField
            label={said.kind}
            value={values.kind}
            options={kinds.map((kind) => [kind, saidKinds[kind]] as const)}
            onChange={(kind) => set({ kind, member: "" })}
          />
          <SelectField
            label={said.name}
            error={errors[`/${values.kind}`] ?? missing(values.member)}
            value={values.member}
            options={offer(members)}
            onChange={(member) => set({ member })}
          />
        </>
      )}
      <SelectField
        label={said.plan}
        error={errors["/rollout"]}
        value={values.plan}
        options={plans.map((plan) => [plan, plan] as const)}
        onChange={(plan) => set({ plan })}
      />
    </Form>
  );
}

function What({
  value,
  onChange,
}: {
  value: (typeof whats)[number];
  onChange: (what: (typeof whats)[number]) => void;
}) {
  const said = words("rollouts").begin;
  return (
    <SelectField
      label={said.what}
      value={value}
      options={whats.map((what) => [what, said.whats[what]] as const)}
      onChange={onChange}
    />
  );
}
