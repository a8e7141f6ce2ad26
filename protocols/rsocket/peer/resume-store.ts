/** Tracked frames that one end sent, kept until the other says that it has them (RSOCKET-RESUME-04, -05). */
export class ResumeStore {
  readonly #frames: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  #sent = 0;

  /** Bytes of tracked frames sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Position of the first byte that can be sent again. */
  get first(): number {
    return this.#frames[0]?.at ?? this.#sent;
  }

  /** Keeps a frame, or only counts it. */
  add(bytes: Uint8Array, keep: boolean): void {
    if (keep) this.#frames.push({ at: this.#sent, bytes });
    this.#sent += bytes.length;
  }

  /** The other end has everything before this position. */
  acknowledge(position: number): void {
    let known = 0;
    while ((this.#frames[known]?.at ?? Infinity) + (this.#frames[known]?.bytes.length ?? 0) <= position) known += 1;
    this.#frames.splice(0, known);
  }

  /** Whether sending can go on from there: a border between frames that are still kept, or the end. */
  canServe(position: number): boolean {
    return position === this.#sent || this.#frames.some(({ at }) => at === position);
  }

  /** The frames from a position on. */
  from(position: number): readonly Uint8Array[] {
    return this.#frames.filter(({ at }) => at >= position).map(({ bytes }) => bytes);
  }
}
