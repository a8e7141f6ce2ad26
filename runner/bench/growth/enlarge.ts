/** Words of a case whose number says how much there is of something; a 1 says that there is just one, and stays. */
const SIZES = /(\btimes|\bconnections|\btotal|\$length): *(\d+)/g;

/** The text of a case with everything in it `factor` times as many or as long. */
export function enlarge(text: string, factor: number): string {
  return text.replace(SIZES, (_all, word: string, number: string) => {
    const size = Number(number);
    return `${word}: ${size > 1 ? size * factor : size}`;
  });
}
