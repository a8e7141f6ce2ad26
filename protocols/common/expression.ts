import { createRequire } from 'node:module';

/** Longest regular expression, characters. */
export const LONGEST_EXPRESSION = 1000;

/** Longest text that one is held against, characters: what is longer does not match. A second's work for the worst of expressions. */
export const LONGEST_MATCHED = 1024 * 1024;

/** A regular expression whose matching takes time linear in the text, whatever it says. */
export interface Expression {
  /** Whether some part of the text matches. */
  isIn(text: string): boolean;
  /** Whether the text as a whole does. */
  isWhole(text: string): boolean;
}

/**
 * Reads a regular expression in JavaScript's words, without what takes backtracking (RE2): references to groups and looking
 * ahead or behind. Throws a `SyntaxError` that says what is wrong with it.
 */
export function readExpression(expression: string): Expression {
  if (expression.length > LONGEST_EXPRESSION) {
    throw new SyntaxError(`it has more than ${LONGEST_EXPRESSION} characters`);
  }
  const { RE2JS } = engine();
  const compiled = compile(expression);
  return {
    isIn: (text) => text.length <= LONGEST_MATCHED && compiled.matcher(text).find(),
    isWhole: (text) => text.length <= LONGEST_MATCHED && compiled.matcher(text).matches(),
  };

  function compile(text: string) {
    try {
      return RE2JS.compile(RE2JS.translateRegExp(text));
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, '');
      throw new SyntaxError(
        /\(\?<?[=!]|\\[1-9]/.test(text) ? `${why}; looking ahead or behind and references to groups would need backtracking` : why,
      );
    }
  }
}

/** What is wrong with a regular expression; undefined where nothing is. */
export function expressionProblem(expression: unknown): string | undefined {
  if (typeof expression !== 'string') return 'it must be a text';
  try {
    readExpression(expression);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Loaded when first needed: few cases have an expression. */
function engine(): typeof import('re2js') {
  return createRequire(import.meta.url)('re2js') as typeof import('re2js');
}
