// Runs a peer, whose command line is `node server.js PORT DATABASE [PROCESSES]`.
import cluster from 'node:cluster';

// `openStore` opens the database at a path. `build` creates a Fastify server for the opened store.
export async function serve(openStore, build) {
  const [port, path, processes] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4] ?? 1)];
  const onStopSignal = (stop) => ['SIGTERM', 'SIGINT'].forEach((signal) => process.on(signal, stop));
  if (processes > 1 && cluster.isPrimary) {
    openStore(path).close(); // creates the schema once, before several processes open it
    for (let n = 0; n < processes; ++n) cluster.fork();
    onStopSignal(() => cluster.disconnect());
    return;
  }
  const store = openStore(path);
  const app = build(store);
  app.addHook('onClose', () => store.close());
  await app.listen({ host: '127.0.0.1', port });
  onStopSignal(() => app.close());
}
