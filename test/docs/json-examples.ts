// JSON in a page is either the body of a request, which is sent, or an answer, which the description of the API allows.
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Fence } from "./fences.ts";
import type { Stage } from "./stage.ts";

type Description = {
  paths: Record<string, Record<string, { responses: Record<string, unknown> } | undefined>>;
};

export class JsonExamples {
  readonly #stage: Stage;
  readonly #description: Description;
  readonly #ajv: Ajv2020;

  private constructor(stage: Stage, description: Description) {
    this.#stage = stage;
    this.#description = description;
    this.#ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    this.#ajv.addSchema({ $id: "api", ...description });
  }

  static async of(stage: Stage): Promise<JsonExamples> {
    return new JsonExamples(stage, (await (await stage.ask("/api/openapi.json")).json()) as Description);
  }

  /** What is wrong with it; undefined: nothing. */
  async fault({ marker, content }: Fence): Promise<string | undefined> {
    const value: unknown = JSON.parse(content);
    const call = callIn(marker?.text ?? "");
    if (marker?.kind === "answer to") return this.#answerFault(value, call);
    const answer = await this.#stage.ask(call.path, {
      method: call.method.toUpperCase(),
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(value),
    });
    return answer.ok ? undefined : `${answer.status} ${await answer.text()}`;
  }

  #answerFault(value: unknown, call: Call): string | undefined {
    const schema = this.#schemaOf(call);
    if (!schema) return `${call.method} ${call.path} has no answer ${call.status}`;
    const check = this.#ajv.compile({ $ref: `api#/${encodeURI(schema)}` });
    if (check(value)) return undefined;
    const faults = (check.errors ?? []).filter(({ keyword }) => !(call.inPart && keyword === "required"));
    return faults.length === 0 ? undefined : this.#ajv.errorsText(faults);
  }

  #schemaOf({ method, path, status }: Call): string | undefined {
    const operation = this.#description.paths[path]?.[method];
    const type = Number(status) < 400 ? "application/json" : "application/problem+json";
    if (!operation?.responses[status]) return undefined;
    return ["paths", path, method, "responses", status, "content", type, "schema"]
      .map((step) => step.replaceAll("~", "~0").replaceAll("/", "~1"))
      .join("/");
  }
}

type Call = { method: string; path: string; status: string; inPart: boolean };

/** `PATCH /settings`, `POST /tokens 400`, `GET /devices/{id} 200 in part`. */
function callIn(text: string): Call {
  const [method = "", path = "", status = "200", ...more] = text.split(" ");
  return { method: method.toLowerCase(), path: `/api/v1${path}`, status, inPart: more.length > 0 };
}
