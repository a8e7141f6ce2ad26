import { Ajv, type ErrorObject } from 'ajv';

/** Why a value does not match a schema, as INVALID_REQUEST carries it in `extras` (RIVER-ERR-11). */
export interface SchemaFailure {
  readonly totalErrors: number;
  /** At most five; paths are JSON pointers. */
  readonly firstValidationErrors: readonly { readonly path: string; readonly message: string }[];
}

/** Checks a value; undefined where it matches. */
export type Check = (value: unknown) => SchemaFailure | undefined;

const REPORTED_ERRORS = 5;

/**
 * Makes a compiler from JSON Schema to checks. Beside JSON Schema it knows `{"x-bytes": true}`: a byte string. Numbers
 * must be finite; only own members count, so `constructor` is not there unless it was sent. A schema is compiled when
 * its check is first used.
 */
export function schemaCompiler(): (schema: unknown) => Check {
  const ajv = new Ajv({ allErrors: true, strict: false, strictNumbers: true, ownProperties: true, validateSchema: false, meta: false });
  ajv.addKeyword({
    keyword: 'x-bytes',
    schemaType: 'boolean',
    validate: (wanted: boolean, value: unknown) => !wanted || value instanceof Uint8Array,
    error: { message: 'must be bytes' },
  });
  return (schema) => {
    const compile = () => ajv.compile(schema === true || schema === false ? schema : Object(schema));
    let matches: ReturnType<typeof compile> | undefined;
    return (value) => {
      matches ??= compile();
      return matches(value) ? undefined : failure(matches.errors ?? []);
    };
  };
}

function failure(errors: readonly ErrorObject[]): SchemaFailure {
  const firstValidationErrors = errors
    .slice(0, REPORTED_ERRORS)
    .map((error) => ({ path: pathOf(error), message: error.message ?? error.keyword }));
  return { totalErrors: errors.length, firstValidationErrors };
}

/** A missing member is reported where it should be. */
function pathOf(error: ErrorObject): string {
  const missing: unknown = error.params['missingProperty'];
  return typeof missing === 'string' ? `${error.instancePath}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}` : error.instancePath;
}
