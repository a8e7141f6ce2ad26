import { jsonText } from '../../protocols/common/plain.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { recordGrammar } from '../bundles/records.ts';
import { jsonLine } from '../export/jsonl.ts';
import type { Recording } from '../results/trace-record.ts';
import { tapRecord } from './trace-file.ts';
import type { Breach } from './watch.ts';

/** An event as a line for programs: frames as `weir export --jsonl` writes them, everything else as a trace has it. */
export function eventJson(event: TraceEvent, recording: Recording): string {
  return jsonLine(recordGrammar.parse(tapRecord(event, recording)));
}

/** A broken rule as a line for programs. */
export function breachJson(breach: Breach, requirementOf: (id: string) => Requirement | undefined, recording: Recording): string {
  const text = breach.requirement === undefined ? undefined : requirementOf(breach.requirement)?.text;
  const told = { type: 'breach', ...breach, message: recording.masker.words(breach.message), ...(text === undefined ? {} : { text }) };
  return `${jsonText(told)}\n`;
}
