import { FILE_LIMITS } from '../../protocols/common/limits.ts';
import { surveyJson } from '../../protocols/common/survey-json.ts';
import { LONGEST_LEFT, readText } from './read.ts';

/** What a JSON text of a file says. Throws an Error on what is none, is nested too deep, or holds too much. */
export function parseJson(text: string): unknown {
  const surveyed = surveyJson(text, FILE_LIMITS);
  if (!surveyed.ok) throw new RangeError(`it is ${surveyed.error}`);
  return JSON.parse(text);
}

/** Reads a JSON file that a run left. Throws a `FileError`, or what `parseJson` throws. */
export function readJson(file: string): unknown {
  return parseJson(readText(file, LONGEST_LEFT));
}
