import { Hono } from "hono";

export const app = new Hono<{ Bindings: Env }>();

app.get("/healthz", (c) => c.json({ status: "ok" }));
app.notFound((c) => c.json({ status: 404, title: "Not found" }, 404));
