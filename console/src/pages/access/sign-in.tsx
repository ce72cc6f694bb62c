import { api } from "../../api/api.ts";
import { ProblemError } from "../../api/fault.ts";
import { useResource } from "../../api/resource.ts";
import { Load } from "../../parts/fault.tsx";
import { Card, Facts, Section } from "../../parts/page.tsx";
import { Copyable, Empty } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";
import { RoleWords } from "./role-fields.tsx";

/** The provider that signs administrators in, and who gets which role. It is set by the API and by files. */
export function SignIn() {
  const said = words("operations").access;
  const provider = useResource(async (signal) => {
    try {
      return { set: await api.get("/sign-in/administrators", { signal }) };
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) return { set: undefined };
      throw error;
    }
  }, []);
  return (
    <Load of={provider}>
      {({ set }) =>
        set === undefined ? (
          <Empty title={said.noProvider} icon="people">
            {said.noProviderHint}
          </Empty>
        ) : (
          <>
            <Card>
              <Facts
                items={[
                  [said.provider, set.kind === "access" ? "Cloudflare Access" : "OpenID Connect"],
                  ["Issuer", <code key="issuer">{set.issuer}</code>],
                  [said.redirect, <Copyable key="redirect" text={set.redirect_uri} />],
                  [said.session, said.hours(set.session_hours)],
                ]}
              />
            </Card>
            <Section title={said.rules}>
              <Card>
                <Facts
                  items={set.rules.map(({ email, email_domain, group, role, rights }) => [
                    email !== undefined
                      ? `${said.anyOf.email}: ${email}`
                      : email_domain !== undefined
                        ? `${said.anyOf.email_domain}: ${email_domain}`
                        : `${said.anyOf.group}: ${group ?? ""}`,
                    <RoleWords key="role" role={role} rights={rights} />,
                  ])}
                />
              </Card>
            </Section>
          </>
        )
      }
    </Load>
  );
}
