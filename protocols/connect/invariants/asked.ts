import { joinedValue } from '../../carriers/http/head.ts';
import type { RunFacts } from '../../common/invariant.ts';
import { readContentType } from '../content.ts';
import type { Request } from '../message.ts';
import { type Procedure, procedures } from '../schema.ts';

/** What a request asks for. */
export interface Asked {
  /** Undefined where it is one of strangers, of whose procedures nothing is known. */
  readonly procedure: Procedure | undefined;
  readonly isStream: boolean;
}

/** Whether the ends are strangers: their services are their own. */
export function areStrangers({ procedureKinds }: Pick<RunFacts, 'procedureKinds'>): boolean {
  return Object.keys(procedureKinds).length === 0;
}

/** What a request asks for; undefined where no such procedure is there, or where strangers may say something else than Connect. */
export function askedBy(request: Request, facts: Pick<RunFacts, 'procedureKinds'>): Asked | undefined {
  const procedure = procedures.get(request.procedure);
  if (procedure !== undefined) return { procedure, isStream: procedure.kind !== 'unary' };
  if (!areStrangers(facts)) return undefined;
  const isStream = readContentType(joinedValue(request.fields, 'content-type'))?.isStream === true;
  const isConnect =
    isStream || joinedValue(request.fields, 'connect-protocol-version') !== undefined || request.query?.connect !== undefined;
  return isConnect ? { procedure: undefined, isStream } : undefined;
}
