/**
 * What goes wrong below the messages: the carrier (what makes frames of bytes) is refused, or its own rules are broken. A
 * carrier tells it in these words, so that whoever judges or shows it need not know which carrier it was.
 */
export interface CarrierProblem {
  /** Short and stable, for fingerprints: `upgrade-refused`, `wrong-accept`, `broken-frame`, … */
  readonly kind: string;
  /** What tells causes of one kind apart, short and stable: a status, a rule; empty where nothing does. */
  readonly detail: string;
  /** What the end did, as the predicate of a sentence: `answered the upgrade with HTTP 403 Forbidden: Invalid Host header`. */
  readonly text: string;
}
