import { type HttpField, joinedValue, type ResponseHead } from '../../protocols/carriers/http/head.ts';
import { concatenate } from '../../protocols/common/byte-queue.ts';
import { codeOfStatus } from '../../protocols/connect/codes.ts';
import { decompress, encodingOf, isEncoding, readContentType } from '../../protocols/connect/content.ts';
import { FLAG, readEnvelope } from '../../protocols/connect/envelope.ts';
import { type ConnectError, failure, readEndOfStream, readError } from '../../protocols/connect/errors.ts';
import { type Metadata, splitFields } from '../../protocols/connect/metadata.ts';
import { type Procedure, readMessage, type Value } from '../../protocols/connect/schema.ts';
import { readJson } from '../../protocols/connect/survey.ts';
import type { ClientSettings } from './settings.ts';

/** What a reader of an answer makes of it. */
export interface Told {
  start(metadata: Metadata): void;
  message(value: Value): void;
  /** Nothing more comes, and why. */
  end(error: ConnectError | undefined, trailing: Metadata): void;
}

/** Reads one answer, frame by frame. */
export interface AnswerReader {
  data(bytes: Uint8Array): void;
  /** The answer ended; `isWhole` where it did as HTTP has it. */
  finish(isWhole: boolean): void;
}

/** Starts reading the answer of a call behind its head. */
export function readAnswer(head: ResponseHead, procedure: Procedure, settings: ClientSettings, told: Told): AnswerReader {
  return procedure.kind === 'unary' ? unaryReader(head, procedure, settings, told) : streamReader(head, procedure, settings, told);
}

function unaryReader(head: ResponseHead, procedure: Procedure, settings: ClientSettings, told: Told): AnswerReader {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let isOver = false;
  const { leading, trailing } = splitFields(head.fields);
  told.start(leading);
  const end = (error: ConnectError | undefined): void => {
    if (isOver) return;
    isOver = true;
    told.end(error, trailing);
  };
  return {
    data(bytes) {
      pieces.push(bytes);
      length += bytes.length;
      if (length > settings.readMaxBytes && head.status === 200) end(tooLarge(settings));
    },
    finish(isWhole) {
      if (isOver) return;
      if (!isWhole) {
        end(failure('unavailable', 'the connection was lost before the answer was whole'));
        return;
      }
      const read = bodyOf(concatenate(pieces), head, settings);
      if (head.status !== 200) {
        end(errorOf(head, read.ok ? read.bytes : new Uint8Array()));
        return;
      }
      const error = foreign(head.fields, false, settings) ?? (read.ok ? undefined : read.error);
      if (error !== undefined || !read.ok) {
        end(error);
        return;
      }
      try {
        told.message(readMessage(procedure.output, settings.codec, read.bytes, procedure.registry));
      } catch {
        end(failure('internal', 'the answer cannot be read'));
        return;
      }
      end(undefined);
    },
  };
}

type ReadBody = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly error: ConnectError };

function bodyOf(bytes: Uint8Array, { fields }: ResponseHead, settings: ClientSettings): ReadBody {
  return plainOf(bytes, encodingOf(fields, false), settings);
}

/** What is said, decompressed. */
function plainOf(bytes: Uint8Array, encoding: string, settings: ClientSettings): ReadBody {
  if (encoding !== 'identity' && !isEncoding(encoding)) {
    return { ok: false, error: failure('internal', `the answer has an encoding that nobody asked for: ${encoding}`) };
  }
  try {
    const plain = decompress(bytes, encoding, settings.readMaxBytes);
    return plain.length > settings.readMaxBytes ? { ok: false, error: tooLarge(settings) } : { ok: true, bytes: plain };
  } catch (error) {
    return {
      ok: false,
      error: error instanceof RangeError ? tooLarge(settings) : failure('internal', 'the answer is not compressed as it says'),
    };
  }
}

/** The error of an answer whose status is not 200 (CONNECT-UNARY-10 to 14). */
function errorOf(head: ResponseHead, bytes: Uint8Array): ConnectError {
  const derived = codeOfStatus(head.status);
  const type = readContentType(joinedValue(head.fields, 'content-type'));
  if (type?.isStream !== false || type.name !== 'json') return failure(derived, `HTTP ${head.status}`);
  try {
    const read = readError(readJson(bytes));
    return read === undefined ? failure(derived, `HTTP ${head.status}`) : { ...read, code: read.code ?? derived };
  } catch {
    return failure(derived, `HTTP ${head.status}`);
  }
}

/** What is wrong with the type of an answer with status 200 (CONNECT-UNARY-13, CONNECT-STREAM-21). */
function foreign(fields: readonly HttpField[], isStream: boolean, { codec }: ClientSettings): ConnectError | undefined {
  const type = joinedValue(fields, 'content-type');
  const content = readContentType(type);
  if (content?.codec === codec && content.isStream === isStream) return undefined;
  const isOurs = content?.codec !== undefined && content.isStream === isStream;
  return failure(isOurs ? 'internal' : 'unknown', `the answer is ${type ?? 'of no type'}`);
}

function tooLarge({ readMaxBytes }: ClientSettings): ConnectError {
  return failure('resource_exhausted', `a message is larger than ${readMaxBytes} bytes`);
}

function streamReader(head: ResponseHead, procedure: Procedure, settings: ClientSettings, told: Told): AnswerReader {
  const encoding = encodingOf(head.fields, true);
  let isOver = false;
  let ended: { readonly error: ConnectError | undefined; readonly trailing: Metadata } | undefined;
  /** Of a call with one answer: it is told once it is known to be the only one. */
  const kept: Value[] = [];
  const end = (error: ConnectError | undefined, trailing: Metadata = {}): void => {
    if (isOver) return;
    isOver = true;
    told.end(error, trailing);
  };
  told.start(splitFields(head.fields).leading);
  if (head.status !== 200) end(failure(codeOfStatus(head.status), `HTTP ${head.status}`));
  const wrong = foreign(head.fields, true, settings);
  if (wrong !== undefined) end(wrong);
  const takeEnd = (bytes: Uint8Array): void => {
    const read = readEndOfStream(bytes);
    if (!read.ok) end(failure('internal', `the end of the stream cannot be read: ${read.why}`));
    else if (read.error !== undefined) ended = { error: { ...read.error, code: read.error.code ?? 'unknown' }, trailing: read.metadata };
    else if (procedure.kind !== 'client-stream') ended = { error: undefined, trailing: read.metadata };
    else if (kept.length === 1 && kept[0] !== undefined) {
      told.message(kept[0]);
      ended = { error: undefined, trailing: read.metadata };
    } else ended = { error: failure('unimplemented', `there are ${kept.length} responses instead of one`), trailing: read.metadata };
  };
  return {
    data(bytes) {
      if (isOver) return;
      const envelope = readEnvelope(bytes);
      if (envelope === undefined) return end(failure('internal', 'an envelope is not whole'));
      if (ended !== undefined) return end(failure('internal', 'something follows the end of the stream'));
      const { flags, data } = envelope;
      if ((flags & ~(FLAG.COMPRESSED | FLAG.END)) !== 0) return end(failure('internal', `flags ${flags} of an envelope are reserved`));
      const isCompressed = (flags & FLAG.COMPRESSED) !== 0;
      if (isCompressed && encoding === 'identity') return end(failure('internal', 'a message is compressed without an encoding'));
      if (data.length > settings.readMaxBytes) return end(tooLarge(settings));
      const plain = isCompressed ? plainOf(data, encoding, settings) : ({ ok: true, bytes: data } as const);
      if (!plain.ok) return end(plain.error);
      if ((flags & FLAG.END) !== 0) return takeEnd(plain.bytes);
      let value: Value;
      try {
        value = readMessage(procedure.output, settings.codec, plain.bytes, procedure.registry);
      } catch {
        return end(failure('internal', 'a message cannot be read'));
      }
      if (procedure.kind === 'client-stream') kept.push(value);
      else told.message(value);
    },
    finish(isWhole) {
      if (ended !== undefined) end(ended.error, ended.trailing);
      else end(failure('internal', isWhole ? 'the stream has no end' : 'the connection was lost before the end of the stream'));
    },
  };
}
