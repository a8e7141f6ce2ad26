import type { Field } from '../common/field.ts';
import type { MessageFrame } from '../common/frame.ts';
import { latin1 } from '../common/latin1.ts';
import type { Whereabouts } from '../common/whereabouts.ts';
import { readContentType } from './content.ts';
import { PREFIX, readEnvelope } from './envelope.ts';

/** Which bytes make which member: lines of a head or of trailers, and the parts of an envelope. Never throws. */
export function fieldsOf(frame: MessageFrame, { from, heads = [] }: Pick<Whereabouts, 'from' | 'heads'>): readonly Field[] {
  if (frame.kind === 'head' || frame.kind === 'end') return linesOf(frame.data);
  const isStream = heads.some((head) => {
    const text = latin1(head.data);
    const type = /^content-type:(.*)$/im.exec(text)?.[1]?.trim();
    return text.startsWith('HTTP/') === (from === 'server') && readContentType(type)?.isStream === true;
  });
  if (frame.kind !== 'data' || !isStream || readEnvelope(frame.data) === undefined) return [];
  return [
    { path: ['flags'], at: [0, 1], text: String(frame.data[0]) },
    { path: ['length'], at: [1, PREFIX], form: 'u32', text: String(frame.data.length - PREFIX) },
    ...(frame.data.length === PREFIX ? [] : [{ path: ['message'], at: [PREFIX, frame.data.length] } as const]),
  ];
}

function linesOf(data: Uint8Array): Field[] {
  const text = latin1(data);
  const fields: Field[] = [];
  let at = 0;
  for (const line of text.split('\r\n')) {
    const name = /^([^:\s]+):/.exec(line)?.[1];
    if (line !== '') fields.push({ path: [name ?? 'first line'], at: [at, at + line.length], text: line.slice(0, 200) });
    at += line.length + 2;
  }
  return fields;
}
