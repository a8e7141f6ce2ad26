/** Reports that a run can write, beside `results.json`, which it always writes, and the files of each. */
export const REPORT_FILES = {
  html: ['report.html'],
  junit: ['junit.xml'],
  ctrf: ['ctrf.json'],
  tap: ['results.tap'],
  sarif: ['results.sarif'],
  markdown: ['summary.md'],
  github: ['annotations.txt'],
  badge: ['badge-client.json', 'badge-client.svg', 'badge-server.json', 'badge-server.svg'],
} as const;

/** A report that a run can write. */
export type ReportName = keyof typeof REPORT_FILES;

/** All of them. */
export const REPORTS = Object.keys(REPORT_FILES) as readonly ReportName[];

/** Those that a run writes unless it is told which. */
export const USUAL_REPORTS: readonly ReportName[] = ['html', 'junit'];
