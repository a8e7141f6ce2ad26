/** As long a beginning as the usual search looks for: it takes the product of both lengths where a text is nearly what is looked for. */
const PROBE = 64;

/** Where a long text stands in another, one behind the other, in time that grows with both: Knuth, Morris and Pratt's search. */
export function placesOf(text: string, wanted: string): readonly number[] {
  const from = text.indexOf(wanted.slice(0, PROBE));
  if (from < 0) return [];
  const borders = bordersOf(wanted);
  const places: number[] = [];
  let fits = 0;
  for (let i = from; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    while (fits > 0 && wanted.charCodeAt(fits) !== unit) fits = borders[fits - 1] ?? 0;
    if (wanted.charCodeAt(fits) === unit) fits += 1;
    if (fits < wanted.length) continue;
    places.push(i + 1 - fits);
    fits = 0;
  }
  return places;
}

/** For each beginning of a text, how long the longest is that it both begins and ends with, itself left out. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  let border = 0;
  for (let i = 1; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    while (border > 0 && text.charCodeAt(border) !== unit) border = borders[border - 1] ?? 0;
    if (text.charCodeAt(border) === unit) border += 1;
    borders[i] = border;
  }
  return borders;
}
