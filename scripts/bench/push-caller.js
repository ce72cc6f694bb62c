// Asks the gateway of a topic as devices' objects do: one call a push, all of them at once.
const token = (index) => {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(28, index);
  return bytes;
};

export default {
  async fetch(request, env) {
    const { topic, count } = await request.json();
    const gateway = env.GATEWAY.getByName(topic);
    const answers = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        gateway.push({ token: token(index), PushMagic: `magic ${index}` }),
      ),
    );
    const outcomes = {};
    for (const { outcome } of answers) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    return Response.json(outcomes);
  },
};
