import type * as z from 'zod';
import { CONTROL_VERSION, type InitializeResult } from '../../protocols/common/control.ts';
import type { Implementation } from './manifest.ts';

/** What is wrong with the shape of an answer to `initialize`: which member lacks, or is another thing than it has to be. */
export function misshapen(answer: unknown, { issues: [issue] }: z.ZodError): string {
  if (issue === undefined || issue.path.length === 0) return 'the answer is no object';
  const member = issue.path.map(String).join('.');
  const isThere =
    issue.path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), answer) !==
    undefined;
  return isThere ? `\`${member}\` is not right: ${issue.message}` : `the answer lacks \`${member}\``;
}

/** Why what the adapter says of itself contradicts its manifest; undefined where it does not. */
export function disagreementOf(implementation: Implementation, info: InitializeResult): string | undefined {
  if (info.control !== CONTROL_VERSION) return `the adapter speaks control version ${info.control}, this runner ${CONTROL_VERSION}`;
  if (info.protocol !== implementation.protocol) return `the adapter drives ${info.protocol}, its manifest says ${implementation.protocol}`;
  const role = implementation.roles.find((wanted) => !info.roles.includes(wanted));
  if (role !== undefined) return `the manifest says role ${role}, the adapter plays only ${info.roles.join(', ')}`;
  const binding = implementation.bindings?.find((wanted) => !info.bindings.includes(wanted));
  if (binding !== undefined) return `the manifest says binding ${binding}, the adapter has only ${info.bindings.join(', ')}`;
  if (implementation.version !== undefined && implementation.version !== info.version) {
    return `the manifest says version ${implementation.version}, loaded is ${info.version}`;
  }
  return undefined;
}

/** What the adapter says of itself, narrowed by its manifest. */
export function effectiveInfo(implementation: Implementation, info: InitializeResult): InitializeResult {
  return {
    ...info,
    name: implementation.name,
    roles: [...implementation.roles],
    bindings: [...(implementation.bindings ?? info.bindings)],
    features: [...(implementation.features ?? info.features)],
    concurrency: implementation.concurrency ?? info.concurrency,
    shapes: [...(implementation.shapes ?? info.shapes ?? [])],
    timers: { ...info.timers, ...implementation.timers },
  };
}
