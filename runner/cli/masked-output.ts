import type { Command } from 'commander';
import pc from 'picocolors';
import { forTerminal } from '../../protocols/common/plain.ts';
import { createSecrets, type Secrets } from '../masking/secrets.ts';
import { terminalOutput } from './terminal.ts';

/** What every command has of the secrets it must not tell. */
export interface SecretOptions {
  /** Names of keys whose values are secret, beside those that say so. */
  readonly redact?: readonly string[];
  readonly showSecrets?: boolean;
  /** What is known of secrets; everything written to the terminal goes through it. */
  readonly secrets: Secrets;
}

/** Streams that people and logs read. */
type Streams = Pick<NodeJS.Process, 'stdout' | 'stderr'>;

/**
 * Makes all that a command writes to `streams` go without secrets, those in its own options to begin with, and without controls of
 * others; gives it the option `secrets`.
 */
export function maskOutput(command: Command, streams: Streams, environment: NodeJS.ProcessEnv): void {
  const { redact = [], showSecrets = false, ...options } = command.opts<Partial<SecretOptions>>();
  const secrets = createSecrets({ keys: redact, show: showSecrets });
  secrets.learnFrom([command.args, Object.values(options).map(parsed), environment['TOXIPROXY_URL'] ?? '']);
  secrets.learnFrom(Object.fromEntries(redact.map((name) => [name, environment[name] ?? ''])));
  for (const stream of [streams.stdout, streams.stderr]) guardStream(stream, secrets, environment);
  command.setOptionValue('secrets', secrets);
}

/** An option as it was typed, and what it is as JSON. */
function parsed(option: unknown): unknown {
  if (typeof option !== 'string' || !/^\s*[{[]/.test(option)) return option;
  try {
    return [option, { metadata: JSON.parse(option) }];
  } catch {
    return option;
  }
}

/** The last stage before a terminal: no secret passes, and nothing that acts on it but what is ours. */
function guardStream(stream: NodeJS.WriteStream, secrets: Secrets, environment: NodeJS.ProcessEnv): void {
  const { colours, interactive } = terminalOutput(stream, environment);
  const abilities = { colours: colours || pc.isColorSupported, interactive };
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: readonly unknown[]) => boolean;
  const masked = (chunk: unknown, ...rest: readonly unknown[]): boolean =>
    write(typeof chunk === 'string' ? forTerminal(secrets.masker.words(chunk), abilities) : chunk, ...rest);
  stream.write = masked as typeof stream.write;
}
