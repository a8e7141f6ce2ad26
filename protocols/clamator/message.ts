import type { Command } from '../carriers/resp/decode.ts';
import type { RespValue } from '../carriers/resp/value.ts';
import type { Envelope } from './envelope.ts';

/** An entry of a stream, or what is to become one. */
export interface Entry {
  /** Absent in a command, whose answer says it. */
  readonly id?: string;
  /** Names and values in order, as text. */
  readonly fields: readonly (readonly [string, string])[];
  /** Absent where no field is called so. */
  readonly envelope?: Envelope;
  readonly replyTo?: string;
}

/** A command, as far as clamator uses it. */
export interface CommandMessage {
  readonly type: 'command';
  /** In capitals: `XADD`; with the word behind it where commands have one: `XGROUP CREATE`. */
  readonly name: string;
  /** Behind the name, as text. */
  readonly args: readonly string[];
  /** The stream or key that it is about. */
  readonly key?: string;
  readonly entry?: Entry;
  /** Of XADD: the id that it asks for. */
  readonly id?: string;
  /** Of XADD: `~ 1024`. Of XREADGROUP and the like: what they say. */
  readonly maxlen?: string;
  readonly group?: string;
  readonly consumer?: string;
  readonly count?: number;
  readonly block?: number;
  /** Least idle time of XAUTOCLAIM, ms. */
  readonly idle?: number;
  /** Of reads: behind which id. Of XGROUP: where the group begins. Of XAUTOCLAIM: the cursor. */
  readonly from?: string;
  /** Of XACK. */
  readonly ids?: readonly string[];
  /** As it came. */
  readonly command: Command;
}

/** What an answer is by its form. */
export type AnswerForm = 'id' | 'entries' | 'claimed' | 'executed' | 'integer' | 'status' | 'nothing' | 'error' | 'value' | 'push';

/** An answer of Redis, or what it says unasked. */
export interface AnswerMessage {
  readonly type: 'answer';
  readonly form: AnswerForm;
  readonly text?: string;
  /** The stream of the entries, where it is said. */
  readonly key?: string;
  readonly entries?: readonly Entry[];
  /** Of a transaction: what each of its commands is answered with. */
  readonly executed?: readonly AnswerMessage[];
  /** As it came. */
  readonly reply: RespValue;
}

/** A frame, read. */
export type ClamatorMessage = CommandMessage | AnswerMessage;
