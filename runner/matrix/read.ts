import { ZodError } from 'zod';
import { firstIssue } from '../bundles/records.ts';
import { parseJson } from '../files/json.ts';
import { LONGEST_LEFT, readText } from '../files/read.ts';
import { type Matrix, matrix } from '../results/matrix.ts';

/** Names of what a matrix leaves in the folder of its protocol. */
export const MATRIX_FILES = {
  data: 'matrix.json',
  page: 'matrix.html',
  evidence: 'evidence.html',
  text: 'matrix.md',
  history: 'history.jsonl',
} as const;

/** Reads `matrix.json`. Throws an Error that says what is wrong with it, a `FileError` where it cannot be read. */
export function readMatrix(file: string): Matrix {
  const text = readText(file, LONGEST_LEFT);
  try {
    return matrix.parse(parseJson(text));
  } catch (error) {
    const why = error instanceof ZodError ? firstIssue(error) : error instanceof Error ? error.message : String(error);
    throw new Error(`${file} is no matrix of this version: ${why}`);
  }
}
