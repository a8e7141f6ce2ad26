import type { RiverError } from '../../protocols/river/message.ts';
import type { SchemaFailure } from './validation.ts';

/** Texts of INVALID_REQUEST, those of the official router (notes, section 14). Only the code is normative. */
export const refusals = {
  notOpen: "can't create a new procedure stream from a message that doesn't have the stream open bit set",
  noService: 'missing service name in stream open message',
  noProcedure: 'missing procedure name in stream open message',
  unknownService: (service: string) => `couldn't find service ${service}`,
  unknownProcedure: (service: string, procedure: string) => `couldn't find a matching procedure for ${service}.${procedure}`,
  badInit: 'procedure init failed validation',
  badRequest: 'message in requestData position did not match schema',
  noRequests: 'message in control payload position did not match schema',
  afterClose: 'received message after request stream is closed',
} as const;

/** The error for an invalid stream message (RIVER-ERR-01), with the schema's complaints where there are any (RIVER-ERR-11). */
export function invalidRequest(message: string, extras?: SchemaFailure): RiverError {
  return { code: 'INVALID_REQUEST', message, ...(extras === undefined ? {} : { extras }) };
}
