import type { MessageFrame } from '../../common/frame.ts';
import type { StepInWords } from '../../common/retelling.ts';
import { sameValue, toTagged } from '../../common/value.ts';
import { MOST, type SwillFrame } from '../frame.ts';
import { requestSpec, responseSpec } from '../script.ts';
import { scriptedRequest, scriptedResponse, type Usual } from '../scripted.ts';

/** How a script knows the request of a frame. */
export interface Named {
  readonly name: string | undefined;
  /** What stands in the frame where the script does not say. */
  readonly usual: Usual;
}

/** What a `send` command says to write just these bytes: in words where there are some for them, else as they are. */
export function sendWords(frame: SwillFrame | undefined, message: MessageFrame, { name, usual }: Named): StepInWords {
  if (message.text) return { text: Buffer.from(message.data).toString('utf8') };
  const call = name === undefined ? {} : { call: name };
  const hex = Buffer.from(message.data).toString('hex');
  if (frame === undefined) return { hex };
  const seq = frame.seq === usual.seq ? {} : { seq: toTagged(frame.seq) };
  const plain = { ...call, ...seq, ...(frame.from === 'client' ? requestWords(frame, usual) : responseWords(frame)) };
  const forms: StepInWords[] = [
    plain,
    { ...plain, elements: Math.min(frame.elements, MOST) },
    { ...plain, 'seq-in-64-bits': true },
    { ...plain, 'seq-in-64-bits': true, elements: Math.min(frame.elements, MOST) },
  ];
  return forms.find((words) => writes(words, message, frame.from, usual)) ?? { ...call, hex };
}

function requestWords(frame: Extract<SwillFrame, { from: 'client' }>, { rpc }: Usual): StepInWords {
  return {
    ...(frame.type === 'MESSAGE' ? {} : { type: frame.type }),
    ...(frame.rpc === rpc ? {} : { rpc: frame.rpc }),
    ...(frame.data === null ? {} : { data: toTagged(frame.data) }),
    ...(frame.metadata === null ? {} : { metadata: toTagged(frame.metadata) }),
  };
}

function responseWords(frame: Extract<SwillFrame, { from: 'server' }>): StepInWords {
  return {
    ...(frame.type === 'MESSAGE' ? {} : { type: frame.type }),
    ...(frame.data === null ? {} : { data: toTagged(frame.data) }),
    ...(frame.leading === null ? {} : { leading: toTagged(frame.leading) }),
    ...(frame.trailing === null ? {} : { trailing: toTagged(frame.trailing) }),
  };
}

function writes(words: StepInWords, { data }: MessageFrame, from: SwillFrame['from'], usual: Usual): boolean {
  try {
    const made = from === 'client' ? scriptedRequest(requestSpec.parse(words), usual) : scriptedResponse(responseSpec.parse(words), usual);
    return sameValue(new Uint8Array(made.data), new Uint8Array(data));
  } catch {
    return false;
  }
}
