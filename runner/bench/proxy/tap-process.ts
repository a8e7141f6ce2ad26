import { setTimeout as pause } from 'node:timers/promises';
import pc from 'picocolors';
import { bindingOf } from '../../../protocols/common/binding.ts';
import { MAIN } from '../../../protocols/common/instance.ts';
import { createSecrets } from '../../masking/secrets.ts';
import { protocolEntry } from '../../registry.ts';
import { startTap } from '../../tap/tap.ts';
import { breachLines, eventLine, type Telling } from '../../tap/tell.ts';
import { answerParent } from './ports.ts';

/**
 * A process of its own with a tap that judges and tells every frame, to nobody; arguments: protocol, binding, port of the server or of the
 * broker. Tells its parent the port, or where both ends dial a broker those of the client and of the server.
 */
const [name = '', binding = '', port = ''] = process.argv.slice(2);
const protocol = await protocolEntry(name).protocol();
const secrets = createSecrets();
const telling: Telling = {
  protocol,
  masker: secrets.masker,
  colours: pc.createColors(false),
  columns: 160,
  requirementOf: () => undefined,
  diallerOf: () => undefined,
};
/** How often it is looked whether all is done, ms. */
const LOOK_MS = 20;
const tap = await startTap(
  {
    protocol,
    carrier: bindingOf(protocol, binding).carrier,
    binding,
    upstream: { host: '127.0.0.1', port: Number(port), authority: `127.0.0.1:${port}` },
    diallers: protocol.broker === undefined ? [] : (['client', 'server'] as const).map((role) => ({ role, instance: MAIN })),
    port: 0,
    requirementOf: () => undefined,
    timers: {},
    secrets,
    // What `weir tap` keeps where it is told nothing else.
    onDisk: 1024 * 1024 * 1024,
    seed: 1,
  },
  {
    event: (event) => void eventLine(event, telling),
    breach: (breach) => void breachLines(breach, telling),
  },
);
process.send?.(protocol.broker === undefined ? tap.port : tap.ways.map((way) => way.port));
answerParent(async () => {
  while (!tap.reader.rests()) await pause(LOOK_MS);
});
