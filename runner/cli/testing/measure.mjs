// Imported into a runner under test: writes its peak memory, in KiB, when it exits.
import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.WEIR_TEST_PEAK, String(process.resourceUsage().maxRSS)));
