import { type Context, Hono } from "hono";
import * as v from "valibot";
import { loadSettings } from "../../../admin/settings.ts";
import { fromBase64 } from "../../../base/bytes.ts";
import { type AuthorityRow, findAuthority, listAuthorities } from "../../../db/authorities.ts";
import { forgetAuthorities } from "../../../enrollment/authority.ts";
import { addAuthority, removeAuthority, switchIssuing } from "../../../enrollment/manage-authorities.ts";
import { type AuthorityRefusal, readAuthority } from "../../../enrollment/read-authority.ts";
import { registrar } from "../../../enrollment/registrar.ts";
import { toPem } from "../../../pki/pem.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { problem } from "../route/problem.ts";
import type { RequestError } from "../route/request-error.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { body, invalid, query } from "../route/validate.ts";

const Authority = v.pipe(
  v.object({
    id: v.string(),
    subject: v.string(),
    fingerprint: v.pipe(v.string(), v.description("SHA-256 of the certificate, in hex")),
    certificate: v.pipe(v.string(), v.description("PEM")),
    chain: v.pipe(v.array(v.string()), v.description("PEM: the certificates above it, nearest first")),
    issuing: v.pipe(v.boolean(), v.description("Exactly one authority issues new identities")),
    trusted_only: v.pipe(
      v.boolean(),
      v.description("Identities under it are accepted; the server does not have its key"),
    ),
    crl_path: v.pipe(v.nullable(v.string()), v.description("The path of its revocation list")),
    not_before: Time,
    expires_at: Time,
    created_at: Time,
  }),
  v.title("Authority"),
);

const pem = (what: string) => v.pipe(v.string(), v.maxLength(100_000), v.description(what));

const NewAuthority = v.pipe(
  v.strictObject({
    certificate: v.optional(
      pem("PEM; further certificates in it are its chain. Absent: the server makes one"),
    ),
    private_key: v.optional(pem("PEM: PKCS#8 or PKCS#1; RSA of 2048 to 4096 bits")),
    private_key_password: v.optional(
      v.pipe(v.string(), v.maxLength(1000), v.description("The password of an encrypted key")),
    ),
    chain: v.optional(pem("PEM: the certificates above it, nearest first")),
    trusted: v.optional(
      v.pipe(v.boolean(), v.description("true: accept identities under it, without its key")),
    ),
    if_none: v.optional(
      v.pipe(
        v.boolean(),
        v.description(
          "true: make one only if no authority issues yet; otherwise the answer is the one that issues",
        ),
      ),
    ),
  }),
  v.title("NewAuthority"),
);

const AuthorityChange = v.pipe(
  v.strictObject({ issuing: v.pipe(v.literal(true), v.description("This authority issues from now on")) }),
  v.title("AuthorityChange"),
);

const Removal = {
  accept_stranded: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.description("The number of unexpired identities that will be refused"),
    ),
  ),
};

export const authorities = new Hono<ApiEnv>();

authorities.get(
  "/",
  describeRoute("List the authorities, the issuing one first", {
    200: v.object({ items: v.array(Authority), next_cursor: v.null() }),
  }),
  allow("viewer"),
  async (c) => c.json({ items: (await listAuthorities(c.var.db)).map(present), next_cursor: null }),
);

authorities.post(
  "/",
  describeRoute(
    "Make an authority, import one with its key, or trust one",
    { 201: Authority, 200: Authority },
    {
      detail:
        "An empty object makes one. The first authority with a key issues; every further one waits until you switch to it. 200: it was here already.",
    },
  ),
  allow("admin"),
  body(NewAuthority, { optional: true }),
  idempotent(),
  async (c) => {
    const input = c.req.valid("json");
    const contradiction = contradictionIn(input);
    if (contradiction) return invalid(c, [contradiction]);
    const onlyFirst = input.if_none ?? false;
    if (input.certificate === undefined) {
      const { organization } = await loadSettings(c.env, Date.now());
      const made = await registrar(c.env).makeAuthority(organization, onlyFirst);
      // The object has updated only its own isolate.
      forgetAuthorities();
      const row = await findAuthority(c.var.db, made.id);
      if (!row) throw new Error(`authority ${made.id} was made and is not there`);
      return created(c, row, made.added);
    }
    const { certificate, private_key: privateKey, private_key_password: privateKeyPassword, chain } = input;
    const read = await readAuthority({ certificate, privateKey, privateKeyPassword, chain }, Date.now());
    if (!read.ok) return invalid(c, [requestError(read.refusal)]);
    const { row, added } = await addAuthority(c.env, read.value, onlyFirst, Date.now());
    return created(c, row, added);
  },
);

authorities.get(
  "/:id",
  describeRoute("Read one authority", { 200: Authority }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findAuthority(c.var.db, c.req.param("id"));
    return row ? c.json(present(row)) : unknown(c, c.req.param("id"));
  },
);

authorities.patch(
  "/:id",
  describeRoute(
    "Switch to an authority: only it issues from now on",
    { 200: Authority },
    { problems: ["not-found", "conflict"] },
  ),
  allow("admin"),
  body(AuthorityChange),
  async (c) => {
    const switched = await switchIssuing(c.env, c.req.param("id"));
    if (switched.ok) return c.json(present(switched.value));
    return switched.refusal.reason === "unknown-authority"
      ? unknown(c, c.req.param("id"))
      : problem(c, "conflict", "this authority is only trusted; import it with its key to let it issue");
  },
);

authorities.delete(
  "/:id",
  describeRoute("Remove an authority", { 204: "Removed" }, { problems: ["not-found", "conflict"] }),
  allow("admin"),
  query(Removal),
  async (c) => {
    const { accept_stranded } = c.req.valid("query");
    const removed = await removeAuthority(c.env, c.req.param("id"), accept_stranded, Date.now());
    if (removed.ok) return c.body(null, 204);
    switch (removed.refusal.reason) {
      case "unknown-authority":
        return unknown(c, c.req.param("id"));
      case "issuing":
        return problem(c, "conflict", "this authority issues; switch to another one first");
      case "identities-left": {
        const { unexpired } = removed.refusal;
        return problem(
          c,
          "conflict",
          `${unexpired} unexpired identities are under it, and their devices would be lost; renew them, or repeat with ?accept_stranded=${unexpired}`,
          { members: { unexpired } },
        );
      }
    }
  },
);

type Given = v.InferOutput<typeof NewAuthority>;

function contradictionIn({
  certificate,
  private_key,
  chain,
  trusted,
  if_none,
}: Given): RequestError | undefined {
  const wrong = (pointer: string, code: string, detail: string): RequestError => ({ pointer, code, detail });
  if (certificate === undefined && private_key !== undefined)
    return wrong("/certificate", "required", "is missing: a key is imported with its certificate");
  if (certificate === undefined && (chain !== undefined || trusted))
    return wrong("/certificate", "required", "is missing");
  if (trusted && private_key !== undefined)
    return wrong(
      "/trusted",
      "contradiction",
      "with a private_key the authority is not only trusted; leave one out",
    );
  if (certificate !== undefined && private_key === undefined && !trusted)
    return wrong(
      "/private_key",
      "required",
      "is missing; to accept identities without it, send trusted: true",
    );
  if (trusted && if_none)
    return wrong("/if_none", "contradiction", "an authority that is only trusted never issues; leave it out");
  return undefined;
}

const requestError = ({ reason, field, detail }: AuthorityRefusal): RequestError => ({
  pointer: `/${field}`,
  code: reason,
  detail,
});

const created = (c: Context, row: AuthorityRow, added: boolean): Response =>
  c.json(present(row), added ? 201 : 200, { Location: `/api/v1/authorities/${row.id}` });

const unknown = (c: Context, id: string): Response =>
  problem(c, "not-found", `no authority has the id ${id}`);

function present(row: AuthorityRow): v.InferInput<typeof Authority> {
  return {
    id: row.id,
    subject: row.subject,
    fingerprint: row.fingerprint,
    certificate: pemOf(row.certificate),
    chain: row.chain.map(pemOf),
    issuing: row.issuing,
    trusted_only: row.sealedKey === null,
    crl_path: row.sealedKey === null ? null : `/crl/${row.id}.crl`,
    not_before: isoTime(row.notBefore),
    expires_at: isoTime(row.notAfter),
    created_at: isoTime(row.createdAt),
  };
}

const pemOf = (stored: string): string => toPem("CERTIFICATE", fromBase64(stored) ?? new Uint8Array());
