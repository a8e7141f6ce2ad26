import { bindingNames } from '../../../protocols/common/binding.ts';
import { enlarged, filledIn } from '../growth/enlarge.ts';
import { type Grown, type Growth, grow, sizesOf } from '../growth/grow.ts';
import type { BenchedProtocol, Section } from '../section.ts';

/** Cases with more and more of something, each in a process of its own: what is each must not grow with how many there are. */
export const growthSection: Section = {
  name: 'growth',
  title: 'Growth (simulated, golden run and judging included)',
  perProtocol: true,
  async measure({ quick, protocols }) {
    const grown: (Grown & { readonly protocol: string })[] = [];
    for (const benched of protocols) {
      for (const growth of growthsOf(benched, quick)) {
        for (const each of await grow(growth)) grown.push({ protocol: benched.protocol.title, ...each });
      }
    }
    return {
      head: ['protocol', 'what', 'how many', 'frames', 'ms', 'µs each', 'peak MiB', 'verdict'],
      rows: grown.map(({ protocol, what, size, frames, ms, peakMiB, verdict, message }) => [
        ...[protocol, what, size, frames, ms, (ms * 1000) / size, peakMiB],
        message === undefined ? verdict : `${verdict}: ${message.slice(0, 80)}`,
      ]),
      values: grown,
    };
  },
};

function growthsOf({ name, protocol, data }: BenchedProtocol, quick: boolean): readonly Growth[] {
  const [first = ''] = bindingNames(protocol);
  return data.growth.map(({ what, binding = first, from, to, file, text = '' }) => ({
    what,
    protocol: name,
    binding,
    text: file === undefined ? (size) => filledIn(text, size) : enlarged(name, file, from),
    sizes: sizesOf(from, to, quick),
  }));
}
