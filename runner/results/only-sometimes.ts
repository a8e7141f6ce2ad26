/** What it means that a failure stands although a second run did not show it (`apart`). */
export const ONLY_SOMETIMES = 'Either the implementation fails only now and then, or case-runs in one adapter process disturb one another';

/** What a reader needs to know of a case-run whose failure a second run, apart, did not show; that run's verdict is given. */
export function onlySometimes(apart: string): string {
  return `Only sometimes: this failed while other case-runs ran beside it; run again, apart from them, its verdict was ${apart}. The failure stands, for a busy machine does not explain it. ${ONLY_SOMETIMES}: --repeat 20 shows how often it fails, --isolate whether it fails alone, too.`;
}
