/** A selection that names something the corpus does not have. The message suggests what may have been meant. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}
