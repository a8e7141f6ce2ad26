/** A file that a run left is not what it should be. The message says where and what to do. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}
