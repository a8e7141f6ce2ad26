import type { NamedToxic, ToxicCommand } from './toxic.ts';

/**
 * The command with its times in the world's ms and µs; `timeScale` is the factor from nominal to those. What is not
 * 0 does not become 0, for 0 means something else to some toxics.
 */
export function scaleToxic(command: ToxicCommand, timeScale: number): ToxicCommand {
  return command.kind === 'add' ? { kind: 'add', toxic: scaled(command.toxic, timeScale) } : command;
}

function scaled(toxic: NamedToxic, timeScale: number): NamedToxic {
  const time = (nominal: number) => whole(nominal * timeScale);
  switch (toxic.type) {
    case 'latency': {
      const { latency, jitter } = toxic.attributes;
      return { ...toxic, attributes: { latency: time(latency), jitter: time(jitter) } };
    }
    case 'bandwidth':
      return { ...toxic, attributes: { rate: whole(toxic.attributes.rate / timeScale) } };
    case 'slow_close':
      return { ...toxic, attributes: { delay: time(toxic.attributes.delay) } };
    case 'timeout':
      return { ...toxic, attributes: { timeout: time(toxic.attributes.timeout) } };
    case 'reset_peer':
      return { ...toxic, attributes: { timeout: time(toxic.attributes.timeout) } };
    case 'slicer':
      return { ...toxic, attributes: { ...toxic.attributes, delay: time(toxic.attributes.delay) } };
    case 'limit_data':
      return toxic;
  }
}

/** Toxiproxy reads whole numbers only. */
function whole(value: number): number {
  return value === 0 ? 0 : Math.max(1, Math.round(value));
}
