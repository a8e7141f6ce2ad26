/** A value that our codec refuses and another may read: the specification leaves the form open, and says so in `custom`. */
export class OpenFormError extends TypeError {
  override readonly name = 'OpenFormError';
  /** The requirement, a custom of the official implementation, that alone refuses it. */
  readonly custom: string;

  constructor(custom: string, message: string) {
    super(message);
    this.custom = custom;
  }
}

/** What `read` gives; what it throws is told as that custom's refusal. */
export function inOpenForm<T>(custom: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new OpenFormError(custom, cause instanceof Error ? cause.message : String(cause));
  }
}
