import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AdapterError } from '../error.ts';
import type { Implementation } from '../manifest.ts';
import { type OpenImplementation, type OpenOptions, openImplementation } from '../pool.ts';

/** A folder that goes with the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Opens an implementation until the test is over. */
export async function open(what: Implementation, options: OpenOptions = {}): Promise<OpenImplementation> {
  const opened = await openImplementation(what, options);
  onTestFinished(() => opened.close());
  return opened;
}

/** The `AdapterError` that a promise rejects with; anything else fails the test. */
export async function refusal(promise: Promise<unknown>): Promise<AdapterError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AdapterError)) throw new Error(`expected an AdapterError, got ${String(error)}`);
  return error;
}
