// Starts a Redis, writes its port, and goes on. Takes the address of the built project.
const { startRedis } = await import(new URL('brokers/redis/process.js', process.argv[2]).href);
const { createReaper } = await import(new URL('runner/adapters/reaper.js', process.argv[2]).href);
const { port } = await startRedis({ random: Math.random, guard: createReaper(process) });
process.stdout.write(`${port}\n`);
setInterval(() => {}, 60_000);
