import { dirname, resolve } from 'node:path';
import { bindingNames } from '../../../../protocols/common/binding.ts';
import type { Protocol } from '../../../../protocols/common/protocol.ts';
import { ladderRows } from '../../../../viewer/model/ladder.ts';
import { EvidenceError } from '../../../bundles/evidence-error.ts';
import { type Recorded, recordedIn } from '../../../bundles/recorded.ts';
import type { TraceRecordRead } from '../../../bundles/records.ts';
import { harOf } from '../../../export/har.ts';
import { jsonLines } from '../../../export/jsonl.ts';
import { maskedRecords } from '../../../export/masked.ts';
import { mermaidOf } from '../../../export/mermaid.ts';
import { pcapngOf } from '../../../export/pcapng.ts';
import { svgOf } from '../../../export/svg.ts';
import { writeWholeLater } from '../../../files/write.ts';
import { packageVersion } from '../../../package-root.ts';
import { readEvidence } from '../../evidence.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { loadServices } from '../../load.ts';
import type { SecretOptions } from '../../masked-output.ts';
import { makeOutputFolder } from '../../output-folder.ts';

/** Forms in which a trace is written. */
const FORMS = ['pcapng', 'jsonl', 'svg', 'mermaid', 'har'] as const;
type Form = (typeof FORMS)[number];

/** The carrier that archives are of. */
const HTTP = 'http';

/** Options of `weir export`. */
export interface ExportOptions extends SecretOptions, Readonly<Record<Form, boolean>> {
  readonly output?: string;
}

/** `weir export`: a recorded trace in another form. Gives the exit code. */
export async function exportCommand(file: string, options: ExportOptions): Promise<number> {
  const [form, ...others] = FORMS.filter((each) => options[each]);
  if (form === undefined || others.length > 0)
    throw new UsageError(`say in which form: one of ${FORMS.map((each) => `--${each}`).join(', ')}`);
  if (form === 'pcapng' && options.output === undefined && process.stdout.isTTY)
    throw new UsageError('a capture is no text for a terminal: say where to with --output');
  const recorded = recordedIn(file, readEvidence(file));
  const { protocol } = await loadServices(recorded.protocol);
  const parts = partsOf(form, maskedRecords(recorded, protocol, options.secrets), recorded, protocol);
  // As bytes: they are masked and plain already, and must be the same as in a file.
  if (options.output === undefined) for (const part of parts) process.stdout.write(Buffer.from(part));
  else await writeOut(options.output, parts);
  return EXIT.ok;
}

function partsOf(form: Form, records: readonly TraceRecordRead[], recorded: Recorded, protocol: Protocol): Iterable<string | Uint8Array> {
  const { run, file, timeScale, closing, binding } = recorded;
  switch (form) {
    case 'pcapng':
      return pcapngOf(records, { carrier: carrierOf(protocol, binding, file), application: `Weir ${packageVersion()}`, run, file });
    case 'jsonl':
      return jsonLines(records);
    case 'svg':
      return [svgOf(ladderRows({ records, timeScale, closing }), run)];
    case 'mermaid':
      return [mermaidOf(ladderRows({ records, timeScale, closing }), run)];
    case 'har': {
      const carrier = carrierOf(protocol, binding, file);
      if (carrier !== HTTP)
        throw new UsageError(`${file}: an archive holds requests and answers of HTTP, and this run was carried by ${carrier}`);
      return [harOf(records, { version: packageVersion(), run })];
    }
  }
}

/** What the recorded run was carried by. Throws an `EvidenceError` where the protocol has no such binding. */
function carrierOf(protocol: Protocol, name: string, file: string): string {
  const binding = protocol.bindings.find((one) => one.name === name);
  if (binding === undefined) {
    throw new EvidenceError(`${file}: ${protocol.title} has no binding ${name}; it has ${bindingNames(protocol).join(', ')}`);
  }
  return binding.carrier.name;
}

async function writeOut(output: string, parts: Iterable<string | Uint8Array>): Promise<void> {
  makeOutputFolder(dirname(resolve(output)));
  await writeWholeLater(output, parts);
}
