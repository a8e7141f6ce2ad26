import { isPlainObject } from '../../protocols/common/value.ts';

/** An error of an application, which reaches its caller as it is (CLAMATOR-ERR-04). */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** What is wrong with params or a result: which member, and how. */
export interface Finding {
  readonly loc: readonly string[];
  readonly msg: string;
}

/** A member of params or of a result. */
export type MemberType = 'number' | 'integer' | 'text' | 'any';

/** A model: exactly these members, each of its type. */
export type Model = Readonly<Record<string, MemberType>>;

/** What does not fit a model; empty where all does. */
export function findingsOf(model: Model, value: unknown): readonly Finding[] {
  if (!isPlainObject(value)) return [{ loc: [], msg: 'it is no object' }];
  const findings: Finding[] = [];
  for (const [name, type] of Object.entries(model)) {
    if (!Object.hasOwn(value, name)) findings.push({ loc: [name], msg: 'it is missing' });
    else if (!fits(type, value[name])) findings.push({ loc: [name], msg: `it is no ${type}` });
  }
  for (const name of Object.keys(value)) if (!Object.hasOwn(model, name)) findings.push({ loc: [name], msg: 'nobody knows it' });
  return findings;
}

function fits(type: MemberType, value: unknown): boolean {
  switch (type) {
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return Number.isInteger(value);
    case 'text':
      return typeof value === 'string';
    case 'any':
      return true;
  }
}

/** What a handler may ask of its server. */
export interface Surroundings {
  /** Waits so many nominal ms. Rejects where the server is killed meanwhile. */
  wait(ms: number): Promise<void>;
  /** State of this server that outlives a call. */
  readonly memory: { count: number };
}

/** A method of a service. */
export interface Method {
  readonly params: Model;
  /** Absent: a notification. */
  readonly result?: Model;
  /** Absent: the contract has it and the handler object has not. */
  readonly handle?: (params: Readonly<Record<string, unknown>>, around: Surroundings) => Promise<unknown>;
}

/** Services by name, methods by name. */
export type Services = Readonly<Record<string, Readonly<Record<string, Method>>>>;
