import { MAIN } from '../../common/instance.ts';
import type { StepInWords } from '../../common/retelling.ts';
import { toTagged } from '../../common/value.ts';
import { streamsUp } from '../calls.ts';
import type { RequestFrame } from '../frame.ts';
import type { Request } from './requests.ts';

/** What a frame of a request shows that the application asked for; `isFirst`: it opens the request, `client` has it. */
export function applicationSteps(request: Request, frame: RequestFrame, isFirst: boolean, client: string): readonly StepInWords[] {
  const { name, kind } = request;
  if (isFirst) return [{ invoke: invocation(request, client) }];
  switch (frame.type) {
    case 'MESSAGE':
      return streamsUp(kind) ? [{ send: { to: name, value: toTagged(frame.data) } }] : [];
    case 'END_OF_STREAM':
      return streamsUp(kind) ? [{ finish: name }] : [];
    case 'CLOSE':
      return [{ cancel: name }];
    case 'METADATA':
      return [];
  }
}

function invocation({ name, kind, isKnown, first }: Request, client: string): StepInWords {
  const { rpc, type, data, metadata } = first;
  // A call of one message has one, a stream that opens without a value opens with METADATA.
  const value = type === 'MESSAGE' ? { value: toTagged(data) } : {};
  const isEmpty = metadata === null || (type === 'METADATA' && Object.keys(metadata).length === 0);
  return {
    as: name,
    ...(client === MAIN ? {} : { at: client }),
    procedure: rpc,
    ...(isKnown ? {} : { kind }),
    ...value,
    ...(isEmpty ? {} : { metadata: toTagged(metadata) }),
  };
}
