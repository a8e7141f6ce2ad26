import type { Growth } from './grow.ts';

const head = ['title: As much as there may be', 'requirements: [RSOCKET-RR-01]', 'under-test: client', 'bindings: [tcp]', 'steps:'];

const of = (...steps: readonly string[]): string => [...head, ...steps.map((step) => `  - ${step}`)].join('\n');

/** What RSocket promises of one connection, up to these sizes: none is a factor of a case of its corpus. */
export function rsocketGrowths(sizes: {
  readonly streams: readonly number[];
  readonly items: readonly number[];
  readonly mebibytes: readonly number[];
}) {
  const on = { protocol: 'rsocket', binding: 'tcp' };
  return [
    {
      ...on,
      what: 'streams of a connection at once (RSocket)',
      text: (n) =>
        of(
          `repeat: { times: ${n}, steps: [{ invoke: { as: 'call\${i}', procedure: ticks-open, value: '1' } }] }`,
          `repeat: { times: ${n}, steps: [{ receive: { from: 'call\${i}', ok: '1' } }] }`,
        ),
      sizes: sizes.streams,
    },
    {
      ...on,
      what: 'items of a stream (RSocket)',
      text: (n) =>
        of(
          `invoke: { as: call, procedure: ticks, value: '${n}' }`,
          `repeat: { times: ${n}, steps: [{ receive: { from: call, ok: any } }] }`,
          'end: call',
        ),
      sizes: sizes.items,
    },
    {
      ...on,
      what: 'MiB in a frame (RSocket)',
      // A frame ends 44 bytes short of 16 MiB, for its head and its route must fit.
      text: (n) => {
        const value = `{ $repeat: { text: x, times: ${n * 1024 * 1024 - 64} } }`;
        return of(`invoke: { as: call, procedure: echo, value: ${value} }`, `receive: { from: call, ok: ${value} }`, 'end: call');
      },
      sizes: sizes.mebibytes,
    },
  ] satisfies readonly Growth[];
}
