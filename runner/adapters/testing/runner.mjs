// A runner for tests: opens the adapter whose command it is given, says so, and waits to be killed.
import { openImplementation } from '../../../dist/runner/adapters/pool.js';

await openImplementation(JSON.parse(process.argv[2]));
process.stdout.write('open\n');
setInterval(() => {}, 1000);
