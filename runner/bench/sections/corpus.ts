import type { Bar } from '../bar.ts';
import { poolCase } from '../bench-data.ts';
import { A_SECOND, type CorpusRate, corpusRate, RATE_HEAD, rateRow, SECONDS } from '../corpus-rates.ts';
import { type Section, whereItCan } from '../section.ts';

/** Times that a corpus is run in one go, so that most of it is warm. */
const REPEATS = 5;

/** The reference pair of each protocol: its corpus in both worlds, and a pool under cuts where ends dial a broker. */
export const corpusSection: Section = {
  name: 'corpus',
  title: 'Case-runs of the reference pairs',
  perProtocol: true,
  async measure(bench) {
    const rates: CorpusRate[] = [];
    for (const { name, protocol, data } of bench.protocols) {
      const of = ['--protocol', name, ...(bench.quick ? ['--axes', 'smoke'] : [])];
      const part = bench.quick ? ', each value once' : '';
      // A quick run is over before it is warm.
      const warm: Bar | undefined = bench.quick ? undefined : { is: 'at least', value: data.bars.simulated, unit: A_SECOND };
      const whole: Bar | undefined = bench.quick ? undefined : { is: 'at most', value: data.bars.real, unit: SECONDS };
      const repeated = bench.quick ? 2 : REPEATS;
      const simulated = [...of, '--world', 'simulated'];
      if (!bench.quick) rates.push(await corpusRate(`${protocol.title}, simulated`, simulated));
      const times = repeated === 2 ? 'twice over' : `${repeated} times over`;
      rates.push(await corpusRate(`${protocol.title}, simulated, ${times}${part}`, [...simulated, '--repeat', String(repeated)], warm));
      const ordinary = data.heavy.flatMap((tag) => ['--tag', `!${tag}`]);
      if (ordinary.length > 0 && !bench.quick) {
        const but = `${protocol.title}, simulated, ${times}, but for what is tagged ${data.heavy.join(' or ')}`;
        rates.push(await corpusRate(but, [...simulated, ...ordinary, '--repeat', String(repeated)]));
      }
      const real = protocol.broker === undefined ? 'real' : `real, with a real ${protocol.broker.name}`;
      rates.push(...(await whereItCan(bench, `${protocol.title}, real`, () => corpusRate(`${protocol.title}, ${real}${part}`, of, whole))));
      const pool = bench.quick ? undefined : poolCase(name);
      if (pool === undefined) continue;
      rates.push(...(await whereItCan(bench, pool, () => corpusRate(`${protocol.title}, a pool under cuts`, [pool, '--protocol', name]))));
    }
    return { head: RATE_HEAD, rows: rates.map(rateRow), values: rates };
  },
};
