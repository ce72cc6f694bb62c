import { Hono } from "hono";
import { listPushCertificates } from "../../db/push-certificates.ts";
import { restartJob } from "../../jobs/jobs.ts";
import { addCertificate, keyKnownHere } from "../../push/manage-certificates.ts";
import { readCertificate } from "../../push/read-certificate.ts";
import { textOf } from "../../push/read-credential.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { readBody } from "../body.ts";
import { failed, tabbed } from "./answers.ts";

const largestBody = 64 * 1024;

export const pushCertificate = new Hono<ApiEnv>();

pushCertificate.get("/v1/pushcert", async (c) => {
  const topic = c.req.query("topic");
  if (!topic) return failed(c, 400, "missing required query parameter: topic");
  const row = (await listPushCertificates(c.var.db)).find((one) => one.topic === topic && one.inUse);
  // NanoMDM answers 500 here.
  return row ? tabbed(c, shown(row)) : failed(c, 500, `no push certificate of topic ${topic} is stored`);
});

pushCertificate.put("/v1/pushcert", async (c) => {
  const body = await readBody(c.req.raw, largestBody);
  if (!body.ok) return failed(c, 400, `the body has more than ${largestBody} bytes`);
  const pem = textOf(body.value);
  if (pem === undefined) return failed(c, 400, "the body is no text: send certificate and key as PEM");
  const now = Date.now();
  // The two files are often joined without a line break between them.
  const text = pem.replaceAll("----------BEGIN", "-----\n-----BEGIN");
  const read = await readCertificate({ form: "pem", text, password: undefined }, keyKnownHere(c.env), now);
  if (!read.ok) return failed(c, 400, read.refusal.detail);
  const added = await addCertificate(c.env, read.value, { account: null, acceptOrphaned: undefined }, now);
  if (!added.ok) {
    const { inUse, devices } = added.refusal;
    return failed(
      c,
      400,
      `${devices} devices listen to ${inUse.join(", ")}, and would have to enroll again for ${read.value.topic}; to replace the topic all the same, upload it by POST /api/v1/push-certificates with accept_orphaned=${devices}`,
    );
  }
  await restartJob(c.env, "wake", c.var.caller.tokenId);
  return tabbed(c, shown(added.value.row));
});

pushCertificate.all("/v1/pushcert", (c) => c.text("Method Not Allowed", 405));

const shown = ({ topic, notAfter }: { topic: string; notAfter: number }) => ({
  topic,
  not_after: new Date(notAfter).toISOString().replace(".000Z", "Z"),
});
