import { type Field, fieldText } from '../common/field.ts';
import type { MessageFrame } from '../common/frame.ts';
import { show } from '../common/show.ts';
import { headerOf } from './decode.ts';
import { errorName } from './error-codes.ts';
import { FLAG, HEADER_BYTES, has, type RSocketFrame } from './frame.ts';
import { readFrame } from './read.ts';
import { flagWords } from './summary.ts';
import { readValue } from './value.ts';

/** Which bytes of a frame make which of its members. Of a broken one its header. Never throws. */
export function fieldsOf(frame: MessageFrame): readonly Field[] {
  const whole: Field = { path: [], at: [0, frame.data.length], form: 'frame' };
  if (frame.text) return [{ ...whole, form: 'text' }];
  const decoded = readFrame(frame);
  if (decoded.ok) return [whole, ...membersOf(decoded.message, frame.data.length)];
  const header = headerOf(frame.data);
  if (header === undefined) return [whole];
  return [whole, field('streamId', 0, 4, 'uint 31', header.streamId), field('type', 4, 5, 'uint 6', header.type ?? header.typeCode)];
}

function membersOf(frame: RSocketFrame, length: number): readonly Field[] {
  const fields = [
    field('streamId', 0, 4, 'uint 31', frame.streamId),
    field('type', 4, 5, 'uint 6', frame.type),
    { ...field('flags', 4, HEADER_BYTES, 'uint 10', frame.flags), says: flagWords(frame) },
  ];
  let at = HEADER_BYTES;
  const take = (name: string, size: number, form: string, value: unknown, says?: string): void => {
    const made = field(name, at, at + size, form, value);
    fields.push(says === undefined ? made : { ...made, says });
    at += size;
  };
  switch (frame.type) {
    case 'SETUP':
      take('major', 2, 'uint 16', frame.major);
      take('minor', 2, 'uint 16', frame.minor);
      take('keepaliveMs', 4, 'uint 31', frame.keepaliveMs);
      take('lifetimeMs', 4, 'uint 31', frame.lifetimeMs);
      if (frame.token !== undefined) take('token', 2 + frame.token.length, 'length 16', readValue(frame.token));
      take('metadataMime', 1 + frame.metadataMime.length, 'length 8', frame.metadataMime);
      take('dataMime', 1 + frame.dataMime.length, 'length 8', frame.dataMime);
      break;
    case 'LEASE':
      take('ttlMs', 4, 'uint 31', frame.ttlMs);
      take('requests', 4, 'uint 31', frame.requests);
      break;
    case 'KEEPALIVE':
    case 'RESUME_OK':
      take('position', 8, 'uint 63', frame.position);
      break;
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL':
    case 'REQUEST_N':
      take('n', 4, 'uint 31', frame.n);
      break;
    case 'ERROR':
      take('code', 4, 'uint 32', frame.code, errorName(frame.code));
      break;
    case 'RESUME':
      take('major', 2, 'uint 16', frame.major);
      take('minor', 2, 'uint 16', frame.minor);
      take('token', 2 + frame.token.length, 'length 16', readValue(frame.token));
      take('serverPosition', 8, 'uint 63', frame.serverPosition);
      take('clientPosition', 8, 'uint 63', frame.clientPosition);
      break;
    case 'EXT':
      take('extendedType', 4, 'uint 31', frame.extendedType);
      break;
    default:
      break;
  }
  const { metadata, data } = frame;
  if (metadata !== undefined) {
    const sized = has(frame, FLAG.METADATA) && frame.type !== 'LEASE' && frame.type !== 'METADATA_PUSH';
    take('metadata', metadata.length + (sized ? 3 : 0), sized ? 'length 24' : 'rest', readValue(metadata));
  }
  if (data.length > 0) fields.push(field('data', length - data.length, length, 'rest', readValue(data)));
  return fields;
}

function field(name: string, from: number, to: number, form: string, value: unknown): Field {
  return { path: [name], at: [from, to], form, text: fieldText(typeof value === 'string' ? value : show(value)) };
}
