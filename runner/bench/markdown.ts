/** A text with what stands between `<!-- bench:name -->` and `<!-- /bench:name -->` replaced. Throws an Error where it has no such marks. */
export function fillIn(text: string, name: string, content: string): string {
  const [opening, closing] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [from, to] = [text.indexOf(opening), text.indexOf(closing)];
  if (from < 0 || to < from) throw new Error(`there is no place for ${name}: it is marked ${opening} and ${closing}`);
  return `${text.slice(0, from + opening.length)}\n\n${content}\n\n${text.slice(to)}`;
}
