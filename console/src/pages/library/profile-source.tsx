// A profile as the text that it is: XML, or JSON where the library has a binary one.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { ProblemError } from "../../api/fault.ts";
import { useResource } from "../../api/resource.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { Form, type FormState, TextField, useForm, useTaggedForm } from "../../parts/form.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Empty } from "../../parts/small.tsx";
import { useTaken } from "../../parts/taken.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { CodeEditor } from "./editor/code-editor.tsx";
import { placesInJson, placesInPlist } from "./editor/places.ts";
import { useFindings, useRefused, withoutErrors } from "./fields/findings.tsx";
import type { JsonObject } from "./fields/spec.ts";
import { identifierIn } from "./identifier-in.ts";

export default function ProfileSourcePage({ params: { identifier } }: PageProps) {
  return identifier === undefined ? <New /> : <Edit key={identifier} identifier={identifier} />;
}

type Text = { text: string; isJson: boolean };

const addressOf = (identifier: string): string => `/profiles/${encodeURIComponent(identifier)}`;

const bodyOf = ({ text, isJson }: Text) =>
  isJson
    ? (JSON.parse(text) as JsonObject)
    : ({ type: "application/xml", bytes: new TextEncoder().encode(text) } as const);

const skeleton = (): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
  <key>PayloadIdentifier</key>
  <string></string>
  <key>PayloadUUID</key>
  <string>${crypto.randomUUID().toUpperCase()}</string>
  <key>PayloadDisplayName</key>
  <string></string>
  <key>PayloadContent</key>
  <array>
  </array>
</dict>
</plist>
`;

function New() {
  const said = words("payloads");
  const { pages, say: common } = words("common");
  const form = useForm({ text: skeleton(), isJson: false, identifier: "" }, (draft) =>
    api.put("/profiles/{identifier}", {
      path: { identifier: nameOf(draft) },
      body: bodyOf(draft),
      headers: { "If-None-Match": "*" },
    }),
  );
  const shown = useTaken(form, "identifier", said.taken);
  return (
    <>
      <PageHead
        title={said.newSource}
        lead={said.sourceLead}
        back={{ to: "/profiles", title: pages.profiles }}
      />
      <Form
        state={{ ...shown, fault: withoutErrors(shown.fault) }}
        submit={common.save}
        wide
        onCancel={() => go("/profiles")}
        onDone={() => {
          say(words("library").uploaded);
          void go(addressOf(nameOf(form.values)));
        }}
      >
        <TextField
          label={words("library").identifier}
          hint={said.identifierForLife}
          error={shown.errors["/identifier"]}
          required
          mono
          value={nameOf(form.values)}
          onInput={(identifier) => form.set({ identifier })}
        />
        <Editor form={shown} />
      </Form>
    </>
  );
}

const nameOf = ({ identifier, text }: { identifier: string; text: string }): string =>
  (identifier || identifierIn(text)).trim();

function Editor({
  form,
}: {
  form: Pick<FormState<Text>, "fault" | "values"> & { set: (change: { text: string }) => void };
}) {
  const { text, isJson } = form.values;
  const { findings, checking } = useFindings(text, async (signal) => {
    const body = parsedBody(form.values);
    if (body instanceof Error)
      return [{ level: "error", pointer: "", code: "not-json", detail: body.message }];
    return (await api.post("/profiles/validate", { body, signal })).findings;
  });
  // What the check says while one types is newer than what was refused before.
  const known = new Set(findings.map(({ pointer, code }) => `${pointer} ${code}`));
  const refused = useRefused(form.fault, text).filter(
    ({ pointer, code }) => !known.has(`${pointer} ${code}`) && findings.length === 0,
  );
  return (
    <CodeEditor
      label={words("payloads").source}
      value={text}
      onInput={(typed) => form.set({ text: typed })}
      places={isJson ? placesInJson : placesInPlist}
      findings={[...findings, ...refused]}
      checking={checking}
    />
  );
}

function parsedBody(draft: Text) {
  try {
    return bodyOf(draft);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

type Known = Text & { profile: Schemas["ProfileDetail"] };

/** Undefined: it has secrets, and this person does not get the file. */
async function readSource(identifier: string): Promise<Tagged<Known> | undefined> {
  const path = { identifier };
  const { value, tag } = await readTagged("/profiles/{identifier}", { path });
  try {
    const answer = await api.raw("GET", "/profiles/{identifier}", {
      path,
      query: { format: "mobileconfig", signed: false },
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const isJson = new TextDecoder().decode(bytes.subarray(0, 6)) === "bplist";
    const text = isJson ? JSON.stringify(value.profile, null, 2) : new TextDecoder().decode(bytes);
    return { value: { text, isJson, profile: value }, tag };
  } catch (error) {
    if (error instanceof ProblemError && error.status === 403) return undefined;
    throw error;
  }
}

function Edit({ identifier }: { identifier: string }) {
  const said = words("payloads");
  const source = useResource(() => readSource(identifier).then((known) => ({ known })), [identifier]);
  return (
    <>
      <PageHead
        title={said.editProfile(source.value?.known?.value.profile.name ?? identifier)}
        lead={said.sourceLead}
        back={{ to: addressOf(identifier), title: identifier }}
      />
      <Load of={source} rows={12}>
        {({ known }) =>
          known === undefined ? (
            <Empty
              title={said.secretSource}
              icon="lock"
              action={<ButtonLink to={`${addressOf(identifier)}/form`}>{said.byForm}</ButtonLink>}
            >
              {said.secretSourceHint}
            </Empty>
          ) : (
            <EditForm identifier={identifier} known={known} onSaved={(next) => source.set({ known: next })} />
          )
        }
      </Load>
    </>
  );
}

function EditForm({
  identifier,
  known,
  onSaved,
}: {
  identifier: string;
  known: Tagged<Known>;
  onSaved: (known: Tagged<Known>) => void;
}) {
  const { say: common } = words("common");
  const read = async () => {
    const now = await readSource(identifier);
    if (now === undefined) throw new Error(words("payloads").secretSource);
    return now;
  };
  const { form, ...others } = useTaggedForm({
    known,
    read,
    onSaved,
    valuesOf: ({ text, isJson }: Known): Text => ({ text, isJson }),
    save: (draft, _before, guard) =>
      api.put("/profiles/{identifier}", { path: { identifier }, body: bodyOf(draft), ...guard }),
  });
  return (
    <Form
      state={{ ...form, fault: withoutErrors(form.fault) }}
      submit={common.save}
      wide
      onCancel={() => go(addressOf(identifier))}
      onDone={() => {
        say(common.saved);
        void go(addressOf(identifier));
      }}
      {...others}
    >
      <Editor form={form} />
    </Form>
  );
}
