// The good adapter of implementations/reference-node, but that nobody hears what a call reads on a second connection.
const say = process.stdout.write.bind(process.stdout);
const connected = new Map();
process.stdout.write = (text, ...more) => {
  const { method, params } = JSON.parse(String(text));
  if (method === 'status' && params.status === 'connected') connected.set(params.instance, (connected.get(params.instance) ?? 0) + 1);
  if (method === 'message' && Math.max(...connected.values()) > 1) return true;
  return say(text, ...more);
};
await import('../../../implementations/reference-node/adapter.mjs');
