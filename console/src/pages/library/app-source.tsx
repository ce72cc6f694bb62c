// Where a new app comes from: what a location has licences for, a manifest, or a package that this server hosts.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { FaultNote } from "../../parts/fault.tsx";
import { SelectField, TextField } from "../../parts/form.tsx";
import { number } from "../../words/forms.ts";
import { words } from "../../words/words.ts";

export type Source = {
  kind: "store" | "manifest" | "package";
  location: string;
  adamId: string;
  url: string;
  bundleId: string;
  packageName: string;
};

export function sourceOf(given: Source): Schemas["NewApp"]["source"] {
  const { kind, location, adamId, url, bundleId, packageName } = given;
  if (kind === "store") return { store: { adam_id: adamId.trim(), location } };
  if (kind === "package") return { package: { name: packageName } };
  return { manifest: { url: url.trim(), bundle_id: bundleId.trim() === "" ? null : bundleId.trim() } };
}

type Named = Source & { name: string };

type Form = {
  values: Named;
  errors: Readonly<Record<string, string>>;
  set: (change: Partial<Named>) => void;
};

export function AppSource({ form }: { form: Form }) {
  const said = words("library").appForm;
  const { values, set } = form;
  return (
    <>
      <SelectField
        label={said.source}
        value={values.kind}
        options={[
          ["store", said.kinds.store],
          ["package", said.kinds.package],
          ["manifest", said.kinds.manifest],
        ]}
        onChange={(kind) => set({ kind })}
      />
      {values.kind === "store" && <FromStore form={form} />}
      {values.kind === "package" && <FromPackage form={form} />}
      {values.kind === "manifest" && <FromManifest form={form} />}
    </>
  );
}

/** Such as `things-3`; a name that a person chose stays. */
const named = (values: Named, before: string | null, title: string | null): Partial<Named> =>
  values.name === "" || values.name === slugOf(before ?? "") ? { name: slugOf(title ?? "") } : {};

const slugOf = (title: string): string =>
  title
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);

function FromStore({ form: { values, errors, set } }: { form: Form }) {
  const said = words("library").appForm;
  const { choose } = words("library");
  const locations = useResource((signal) => api.get("/apps-and-books/locations", { signal }), []);
  const assets = useResource(
    async (signal) =>
      values.location === ""
        ? []
        : (
            await api.get("/apps-and-books/locations/{name}/assets", {
              path: { name: values.location },
              query: { limit: 200 },
              signal,
            })
          ).items.filter(({ kind }) => kind === "App"),
    [values.location],
  );
  const known = assets.value ?? [];
  const titleOf = (id: string): string | null => known.find(({ adam_id }) => adam_id === id)?.name ?? null;
  const names = (locations.value?.items ?? []).map(({ name }) => name);
  return (
    <>
      <FaultNote fault={locations.fault ?? assets.fault} retry={locations.reload} />
      <SelectField
        label={said.location}
        hint={locations.value && names.length === 0 ? said.noLocation : said.locationHint}
        error={errors["/source/store/location"]}
        value={values.location}
        options={[["", choose], ...names.map((name) => [name, name] as const)]}
        onChange={(location) => set({ location })}
      />
      {known.length > 0 && (
        <SelectField
          label={said.app}
          value={known.some(({ adam_id }) => adam_id === values.adamId) ? values.adamId : ""}
          options={[
            ["", choose],
            ...known.map((asset) => [asset.adam_id, titleWithLicences(asset)] as const),
          ]}
          onChange={(adamId) => set({ adamId, ...named(values, titleOf(values.adamId), titleOf(adamId)) })}
        />
      )}
      <TextField
        label={said.adamId}
        hint={said.adamIdHint}
        error={errors["/source/store/adam_id"]}
        required
        mono
        value={values.adamId}
        onInput={(adamId) => set({ adamId })}
      />
    </>
  );
}

function titleWithLicences({ name, adam_id, available, total }: Schemas["ContentAsset"]): string {
  const said = words("library").appForm;
  const title = name ?? adam_id;
  return available === null || total === null
    ? title
    : `${title} (${said.licences(number(available), number(total))})`;
}

function FromPackage({ form: { values, errors, set } }: { form: Form }) {
  const said = words("library").appForm;
  const packages = useResource((signal) => api.get("/packages", { query: { limit: 200 }, signal }), []);
  const known = packages.value?.items ?? [];
  const titleOf = (wanted: string): string | null => known.find(({ name }) => name === wanted)?.title ?? null;
  return (
    <>
      <FaultNote fault={packages.fault} retry={packages.reload} />
      <SelectField
        label={said.package}
        hint={packages.value && known.length === 0 ? said.noPackage : undefined}
        error={errors["/source/package/name"]}
        value={values.packageName}
        options={[
          ["", words("library").choose],
          ...known.map(({ name, title, version }) => [name, `${title} ${version}`] as const),
        ]}
        onChange={(packageName) =>
          set({ packageName, ...named(values, titleOf(values.packageName), titleOf(packageName)) })
        }
      />
    </>
  );
}

function FromManifest({ form: { values, errors, set } }: { form: Form }) {
  const said = words("library").appForm;
  return (
    <>
      <TextField
        label={said.url}
        error={errors["/source/manifest/url"]}
        type="url"
        required
        placeholder="https://"
        value={values.url}
        onInput={(url) => set({ url })}
      />
      <TextField
        label={words("library").bundle}
        hint={said.bundleHint}
        error={errors["/source/manifest/bundle_id"]}
        mono
        value={values.bundleId}
        onInput={(bundleId) => set({ bundleId })}
      />
    </>
  );
}
