/** Reports that a run can write, beside `results.json`, which it always writes. */
export const REPORTS = ['html', 'junit'] as const;
/** A report that a run can write. */
export type ReportName = (typeof REPORTS)[number];
