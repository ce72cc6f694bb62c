// The least that a question to D1 costs the Worker that asks it.
export default {
  async fetch(_request, env) {
    await env.DB.prepare("SELECT 1 AS one").all();
    return new Response();
  },
};
