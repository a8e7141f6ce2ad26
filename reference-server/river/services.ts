import * as z from 'zod';
import type { ProcedureKind } from '../../protocols/river/message.ts';
import { type Check, schemaCompiler } from './validation.ts';

/** A procedure that the server hosts. */
export interface Procedure {
  /** `test.add` */
  readonly name: string;
  readonly service: string;
  readonly procedure: string;
  readonly kind: ProcedureKind;
  readonly checkInit: Check;
  /** Undefined for kinds that take no requests. */
  readonly checkRequest: Check | undefined;
}

/** A rule of a metadata policy: the first whose pattern matches the token decides. */
export interface PolicyRule {
  readonly pattern: RegExp;
  readonly decision: 'accept' | 'refuse' | 'raise' | 'wait';
  readonly code: 'REJECTED_BY_CUSTOM_HANDLER' | 'REJECTED_UNSUPPORTED_CLIENT';
  readonly reason: string;
}

/** How handshake metadata is judged. */
export interface Policy {
  readonly check: Check;
  readonly rules: readonly PolicyRule[];
}

/** What services.yaml says, ready for use; shared by all servers made from it. */
export interface Catalogue {
  /** Procedures by service and name; maps, so that no name collides with language internals (RIVER-SEC-06). */
  readonly services: ReadonlyMap<string, ReadonlyMap<string, Procedure>>;
  readonly policies: ReadonlyMap<string, Policy>;
}

const schema = z.union([z.boolean(), z.record(z.string(), z.unknown())]);

const servicesFile = z.object({
  handshakes: z.record(
    z.string(),
    z.object({
      schema,
      rules: z.array(
        z.object({
          pattern: z.string(),
          decision: z.enum(['accept', 'refuse', 'raise', 'wait']),
          code: z.enum(['REJECTED_BY_CUSTOM_HANDLER', 'REJECTED_UNSUPPORTED_CLIENT']).default('REJECTED_BY_CUSTOM_HANDLER'),
          reason: z.string().default(''),
        }),
      ),
    }),
  ),
  procedures: z.record(
    z.string().regex(/^[^.]+\..+$/),
    z.object({ kind: z.enum(['rpc', 'stream', 'upload', 'subscription']), init: schema, request: schema.optional() }),
  ),
});

/** Reads a parsed services.yaml. Throws `ZodError` where it has another shape. */
export function readServices(file: unknown): Catalogue {
  const { handshakes, procedures } = servicesFile.parse(file);
  const compile = schemaCompiler();
  const services = new Map<string, Map<string, Procedure>>();
  for (const [name, { kind, init, request }] of Object.entries(procedures)) {
    const dot = name.indexOf('.');
    const [service, procedure] = [name.slice(0, dot), name.slice(dot + 1)];
    const checkRequest = request === undefined ? undefined : compile(request);
    const members = services.get(service) ?? new Map<string, Procedure>();
    services.set(service, members.set(procedure, { name, service, procedure, kind, checkInit: compile(init), checkRequest }));
  }
  const policies = new Map(
    Object.entries(handshakes).map(([name, policy]) => [
      name,
      { check: compile(policy.schema), rules: policy.rules.map((rule) => ({ ...rule, pattern: new RegExp(rule.pattern, 'u') })) },
    ]),
  );
  return { services, policies };
}
