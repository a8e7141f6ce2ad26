import type { Instance } from '../common/instance.ts';
import type { AnswerMessage, CommandMessage } from './message.ts';

/** Who dialled a connection. */
export interface Dialler extends Instance {
  /** As cases call it. */
  readonly name: string;
}

/** A command that an end sent: whether the broker took it, and what it answered, is told later. */
export interface Asked {
  readonly n: number;
  readonly t: number;
  readonly connection: number;
  readonly by: Dialler;
  readonly command: CommandMessage;
}

/** What is between an end and the broker. */
export type Happening =
  /** An end sent a command. */
  | { readonly kind: 'asked'; readonly asked: Asked }
  /** The broker got one. */
  | { readonly kind: 'taken'; readonly asked: Asked; readonly n: number }
  | Answered
  /** The end got the answer. */
  | { readonly kind: 'heard'; readonly asked: Asked; readonly answer: AnswerMessage; readonly n: number };

/** The broker answered a command; whether that reached the end is told later. */
export interface Answered {
  readonly kind: 'answered';
  readonly asked: Asked;
  readonly answer: AnswerMessage;
  readonly n: number;
}
