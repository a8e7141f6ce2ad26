/** What a command is refused with; it ends the command and leaves the model only as an error reply. */
export class Refusal extends Error {
  /** The error as Redis writes it, its code first: `ERR syntax error`. */
  readonly text: string;

  constructor(text: string) {
    super(text);
    this.text = text;
  }
}

/** What Redis says of options that it does not know or that do not fit together. */
export const syntaxError = (): Refusal => new Refusal('ERR syntax error');

/** A key of another type than the command is for. */
export const wrongType = (): Refusal => new Refusal('WRONGTYPE Operation against a key holding the wrong kind of value');

/** Too few arguments or too many, of a command or of one of its parts (`xgroup|create`). */
export const wrongArity = (name: string): Refusal => new Refusal(`ERR wrong number of arguments for '${name}' command`);
