import * as z from 'zod';
import { LONGEST_WAIT_MS } from '../longest-timer.ts';

/**
 * Grammar of `toxic:` steps: what Toxiproxy does to a proxy, in Toxiproxy's own names and defaults. Every ms and µs is
 * nominal, and a rate is bytes per nominal ms; `scaleToxic` makes them the world's. Sizes are never scaled.
 */

const count = z.int().nonnegative().default(0);
/** Nominal ms, or µs. */
const duration = z.int().nonnegative().max(LONGEST_WAIT_MS).default(0);

const common = {
  stream: z
    .enum(['upstream', 'downstream'])
    .default('downstream')
    .describe('upstream: from the client to the server, or from who dials to the broker; downstream (default): the other way.'),
  toxicity: z.number().min(0).max(1).default(1).describe('The part of the connections that it acts on (default 1), drawn for each.'),
  of: z
    .string()
    .optional()
    .describe('Where both ends dial a broker: only connections that this instance has dialled (main, server, …); without it all.'),
  name: z
    .string()
    .regex(/^[\w-]+$/)
    .optional()
    .describe('Default: the type and the stream, and whose it is: `latency_downstream`, `latency_downstream_main`.'),
};

const toxic = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('latency'),
    ...common,
    attributes: z
      .strictObject({ latency: duration.describe('ms'), jitter: duration.describe('ms more or less') })
      .prefault({})
      .describe('Delay everything.'),
  }),
  z.strictObject({
    type: z.literal('bandwidth'),
    ...common,
    attributes: z
      .strictObject({ rate: count.describe('KB/s, that is bytes per ms') })
      .prefault({})
      .describe('Pass no more than that; 0 passes nothing.'),
  }),
  z.strictObject({
    type: z.literal('slow_close'),
    ...common,
    attributes: z
      .strictObject({ delay: duration.describe('ms') })
      .prefault({})
      .describe('Keep the connection open for so long after its end.'),
  }),
  z.strictObject({
    type: z.literal('timeout'),
    ...common,
    attributes: z
      .strictObject({ timeout: duration.describe('ms; 0: never') })
      .prefault({})
      .describe('Swallow everything, and close once nothing came for that long. Taking it away closes too.'),
  }),
  z.strictObject({
    type: z.literal('reset_peer'),
    ...common,
    attributes: z
      .strictObject({ timeout: duration.describe('ms') })
      .prefault({})
      .describe('Reset (RST) that long after the first bytes, which are lost.'),
  }),
  z.strictObject({
    type: z.literal('slicer'),
    ...common,
    attributes: z
      .strictObject({
        average_size: z.int().positive().describe('bytes'),
        size_variation: count.describe('bytes more or less; less than average_size'),
        delay: duration.describe('µs after each slice'),
      })
      .refine((slices) => slices.size_variation < slices.average_size, 'size_variation must be less than average_size')
      .describe('Cut what comes into small pieces.'),
  }),
  z.strictObject({
    type: z.literal('limit_data'),
    ...common,
    attributes: z
      .strictObject({ bytes: count.describe('of a connection, its upgrade included') })
      .prefault({})
      .describe('Close when so much has passed.'),
  }),
]);

const ofOne = z.strictObject({ of: common.of.unwrap() });

/** Grammar of a `toxic:` step. */
export const toxicGrammar = z
  .union([
    z.enum(['down', 'up']).transform((kind): ToxicCommand => ({ kind })),
    z
      .strictObject({ add: toxic })
      .transform(({ add }): ToxicCommand => ({ kind: 'add', toxic: { ...add, name: add.name ?? nameOf(add) } })),
    z
      .strictObject({ remove: z.string().describe('Name of a toxic that was added.') })
      .transform(({ remove }): ToxicCommand => ({ kind: 'remove', name: remove })),
    z.strictObject({ down: ofOne }).transform(({ down }): ToxicCommand => ({ kind: 'down', ...down })),
    z.strictObject({ up: ofOne }).transform(({ up }): ToxicCommand => ({ kind: 'up', ...up })),
  ])
  .describe('Do something to the network between the proxy and the server, as Toxiproxy would. Times are nominal.');

/** What a toxic does, without who it is: its type and attributes. */
export type Toxic = z.output<typeof toxic>;

/** A toxic as it was added: defaults and name filled in. */
export type NamedToxic = Toxic & { readonly name: string };

/** What a `toxic:` step says. `of` is whose network it is about, where ends dial a broker; undefined: everybody's. */
export type ToxicCommand =
  | { readonly kind: 'add'; readonly toxic: NamedToxic }
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'down' | 'up'; readonly of?: string };

/** A toxic's attributes by its type. */
export type Attributes<T extends Toxic['type']> = Extract<Toxic, { type: T }>['attributes'];

function nameOf({ type, stream, of }: Toxic): string {
  return [type, stream, ...(of === undefined ? [] : [of])].join('_');
}

/** Whose network a command is about; undefined: everybody's, and what removes a toxic is about whatever that was. */
export function whose(command: Exclude<ToxicCommand, { kind: 'remove' }>): string | undefined {
  return command.kind === 'add' ? command.toxic.of : command.of;
}

/** One line for people: `add latency_downstream: latency 100, jitter 0`. */
export function describeToxic(command: ToxicCommand): string {
  switch (command.kind) {
    case 'remove':
      return `remove ${command.name}`;
    case 'down':
    case 'up':
      return command.of === undefined ? command.kind : `${command.kind} of ${command.of}`;
    case 'add': {
      const { name, toxicity, attributes } = command.toxic;
      const values = Object.entries(attributes).map(([key, value]) => `${key} ${value}`);
      return `add ${name}: ${[...values, ...(toxicity === 1 ? [] : [`toxicity ${toxicity}`])].join(', ')}`;
    }
  }
}
