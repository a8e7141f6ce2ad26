import * as z from 'zod';
import { fromTagged } from '../../common/value.ts';
import { LARGEST_FRAME } from '../frame.ts';
import { COMPOSITE, OCTETS } from '../metadata.ts';
import { bytesOf } from '../value.ts';

const bytes = z
  .unknown()
  .transform((value) => bytesOf(fromTagged(value)))
  .optional();

/** Options that either end has. */
const shared = {
  timeScale: z.number().positive().default(1),
  /** Sessions outlive their connections. */
  resume: z.boolean().default(false),
  /** Leases are honoured, and this end grants so many requests for `leaseTtlMs`. */
  leaseRequests: z.int().nonnegative().optional(),
  /** Bytes of the largest frame that this end sends. */
  fragmentSize: z.int().positive().max(LARGEST_FRAME).default(LARGEST_FRAME),
  /** Bytes that this end collects for one payload. */
  reassemblyLimit: z
    .int()
    .positive()
    .default(64 * 1024 * 1024),
  firstStreamId: z.int().positive().optional(),
};

/** Options of a client. */
export const clientOptions = z.object({
  ...shared,
  setupData: bytes,
  setupMetadata: bytes,
  metadataMime: z.string().default(COMPOSITE),
  dataMime: z.string().default(OCTETS),
  token: bytes,
});
/** Options of a client, read. */
export type ClientOptions = z.infer<typeof clientOptions>;

/** Options of a server. */
export const serverOptions = z.object(shared);
/** Options of a server, read. */
export type ServerOptions = z.infer<typeof serverOptions>;
