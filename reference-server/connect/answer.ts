import type { HttpField } from '../../protocols/carriers/http/head.ts';
import { chunkBytes, headBytes, lastChunk } from '../../protocols/carriers/http/write.ts';
import { concatenate } from '../../protocols/common/byte-queue.ts';
import { STATUS_OF } from '../../protocols/connect/codes.ts';
import { compress, contentType } from '../../protocols/connect/content.ts';
import { FLAG, writeEnvelope } from '../../protocols/connect/envelope.ts';
import { type ConnectError, failure, writeEndOfStream, writeError } from '../../protocols/connect/errors.ts';
import { fieldsOfMetadata, type Metadata, trailerFields } from '../../protocols/connect/metadata.ts';
import { writeMessage } from '../../protocols/connect/schema.ts';
import type { Admitted } from './admission.ts';

/** Where the bytes of an answer go. */
export type Write = (bytes: Uint8Array) => void;

/** What an answer says beside its messages; it is asked for when it is written. */
export interface Beside {
  leading: Metadata;
  trailing: Metadata;
}

/** Writes the answer of a call: messages, then its end. */
export interface Answer {
  /** Lets the caller know that something comes. */
  begin(): void;
  send(value: unknown): void;
  finish(error: ConnectError | undefined): void;
}

/** Starts an answer in the form that the call has. */
export function startAnswer(call: Admitted, beside: Beside, write: Write): Answer {
  return call.procedure.kind === 'unary' ? unaryAnswer(call, beside, write) : streamAnswer(call, beside, write);
}

/** The first line of an answer. */
export function statusLine(status: number, reason: string): string {
  return `HTTP/1.1 ${status} ${reason}`;
}

function unaryAnswer(call: Admitted, beside: Beside, write: Write): Answer {
  let value: unknown;
  let isGiven = false;
  const whole = (status: number, type: string, plain: Uint8Array): void => {
    const isCompressed = call.answers !== 'identity' && plain.length > 0;
    const body = isCompressed ? compress(plain, call.answers) : plain;
    const fields: HttpField[] = [
      { name: 'Content-Type', value: type },
      ...(isCompressed ? [{ name: 'Content-Encoding', value: call.answers }] : []),
      ...fieldsOfMetadata(beside.leading),
      ...trailerFields(beside.trailing),
      { name: 'Content-Length', value: String(body.length) },
    ];
    const head = headBytes(statusLine(status, status === 200 ? 'OK' : 'Error'), fields);
    // In one piece, so that a client which stops listening at its deadline has not the head alone.
    write(concatenate([head, body]));
  };
  return {
    begin() {},
    send(given) {
      value = given;
      isGiven = true;
    },
    finish(error) {
      const told = error ?? (isGiven ? undefined : failure('unimplemented', 'there was no response'));
      if (told === undefined)
        whole(200, contentType(false, call.codec), writeMessage(call.procedure.output, call.codec, value, call.procedure.registry));
      else whole(STATUS_OF[told.code], 'application/json', new TextEncoder().encode(JSON.stringify(writeError(told))));
    },
  };
}

function streamAnswer(call: Admitted, beside: Beside, write: Write): Answer {
  let isBegun = false;
  const begin = (): void => {
    if (isBegun) return;
    isBegun = true;
    const fields: HttpField[] = [
      { name: 'Content-Type', value: contentType(true, call.codec) },
      ...(call.answers === 'identity' ? [] : [{ name: 'Connect-Content-Encoding', value: call.answers }]),
      ...fieldsOfMetadata(beside.leading),
      { name: 'Transfer-Encoding', value: 'chunked' },
    ];
    write(headBytes(statusLine(200, 'OK'), fields));
  };
  const envelope = (flags: number, plain: Uint8Array): void => {
    begin();
    const isCompressed = call.answers !== 'identity' && plain.length > 0;
    write(chunkBytes(writeEnvelope(isCompressed ? flags | FLAG.COMPRESSED : flags, isCompressed ? compress(plain, call.answers) : plain)));
  };
  return {
    begin,
    send: (value) => envelope(0, writeMessage(call.procedure.output, call.codec, value, call.procedure.registry)),
    finish(error) {
      envelope(FLAG.END, writeEndOfStream(error, beside.trailing));
      write(lastChunk());
    },
  };
}
