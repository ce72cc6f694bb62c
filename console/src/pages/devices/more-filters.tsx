// The filters that are needed less often, in a window; each that is set is shown above the list and can be taken away there.
import { useState } from "preact/hooks";
import { hasRole } from "../../api/may.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { SelectField, TextField } from "../../parts/form.tsx";
import { query, setQuery } from "../../shell/router.ts";
import { dateTimeOf } from "../../words/forms.ts";
import { words } from "../../words/words.ts";

type Choices = Readonly<Record<string, string>>;

const facts = (): readonly [name: string, title: string, choices: Choices][] => {
  const { filters, kinds } = words("views");
  const { lost, lostIs } = words("devices");
  return [
    ["supervised", filters.supervised, filters.supervisedIs],
    ["lost_mode", lost, lostIs],
    ["passcode_present", filters.passcode_present, filters.passcodeIs],
    ["passcode_compliant", filters.passcode_compliant, filters.compliantIs],
    ["activation_lock", filters.activation_lock, filters.lockIs],
    ["kind", filters.kind, kinds],
  ];
};

type Text = readonly [name: string, title: string, hint?: string];

const texts = (): readonly Text[] => {
  const { filters } = words("views");
  // What is known of people is not for everybody who may see devices.
  const ofPeople: readonly Text[] = [
    ["user_email", filters.user_email],
    ["user_department", filters.user_department],
  ];
  return [
    ["os_min", filters.os_min, filters.versionHint],
    ["os_max", filters.os_max, filters.versionHint],
    ["tag", filters.tag],
    ["set", filters.set],
    ["app", filters.app, filters.appHint],
    ["attribute", filters.attribute, filters.attributeHint],
    ...(hasRole("helpdesk") ? ofPeople : []),
  ];
};

/** All that has no control of its own above the list. */
export const hiddenFilters = (): readonly string[] => [
  ...facts().map(([name]) => name),
  ...texts().map(([name]) => name),
  ...["person", "serial", "seen_before", "seen_after"],
];

/** What a device may have failed at: anything, or the one thing that a link has named. */
export function failures(named: string | null): (readonly [value: string, said: string])[] {
  const { failedAnything, failedOf, is } = words("views").filters;
  const [, kind, name] = /^(profile|declaration|app):(.+)$/s.exec(named ?? "") ?? [];
  const anything = ["anything", failedAnything] as const;
  if (named === null || kind === undefined || name === undefined) return [anything];
  return [anything, [named, is(failedOf[kind as keyof typeof failedOf], name)]];
}

/** A filter that is set, in words. */
export function filterSaid(name: string, value: string): string {
  const { filters } = words("views");
  const fact = facts().find(([one]) => one === name);
  const title = fact?.[1] ?? texts().find(([one]) => one === name)?.[1];
  if (fact) return fact[2][value] ?? filters.is(fact[1], value);
  if (name === "person") return filters.person;
  if (name === "seen_before" || name === "seen_after") {
    const isTime = !Number.isNaN(Date.parse(value));
    return filters.is(filters[name], isTime ? dateTimeOf(value) : value);
  }
  return filters.is(title ?? (name === "serial" ? filters.serial : name), value);
}

export function MoreFilters() {
  const { filters } = words("views");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{filters.more}</Button>
      {isOpen && <FilterWindow onClose={() => setOpen(false)} />}
    </>
  );
}

function FilterWindow({ onClose }: { onClose: () => void }) {
  const { filters } = words("views");
  const { say } = words("common");
  const names = [...facts().map(([name]) => name), ...texts().map(([name]) => name)];
  const [values, setValues] = useState<Choices>(
    Object.fromEntries(names.map((name) => [name, query.peek().get(name) ?? ""])),
  );
  const set = (name: string, value: string) => setValues({ ...values, [name]: value });
  return (
    <Dialog title={filters.more} onClose={onClose} transient wide>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery(Object.fromEntries(names.map((name) => [name, values[name]?.trim() || undefined])));
          onClose();
        }}
      >
        <div class="fields">
          {facts().map(([name, title, choices]) => (
            <SelectField
              key={name}
              label={title}
              value={values[name] ?? ""}
              options={[["", filters.any] as const, ...Object.entries(choices)]}
              onChange={(value) => set(name, value)}
            />
          ))}
          {texts().map(([name, title, hint]) => (
            <TextField
              key={name}
              label={title}
              hint={hint}
              value={values[name] ?? ""}
              onInput={(value) => set(name, value)}
            />
          ))}
        </div>
        <div class="actions end">
          <Button onClick={onClose}>{say.cancel}</Button>
          <Button type="submit" kind="primary">
            {filters.apply}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
