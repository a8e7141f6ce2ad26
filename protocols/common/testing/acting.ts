/** Texts that would act on whoever is shown them; one more is a line. */
export const acting: readonly (readonly [what: string, text: string])[] = [
  ['clears the screen', '\u001b[2J\u001b[H'],
  ['moves the cursor up and writes over a line', '\u001b[1A\rpass'],
  ['draws its own line again', '\r\u001b[2Kpass'],
  ['writes the clipboard', '\u001b]52;c;cm0gLXJm\u0007'],
  ['is a link elsewhere', '\u001b]8;;http://evil.example\u001b\\weir\u001b]8;;\u001b\\'],
  ['asks the terminal for an answer', '\u001b[6n\u001bZ'],
  ['has controls of the second set', '\u009b2J\u0090q\u009c\u0085'],
  ['rings, goes back, feeds', '\u0007\b\b\b\f\v\u007f'],
  ['turns direction', '\u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c'],
  ['is invisible', 'a\u200b\u00ad\ufeff\u2060b\u{e0041}'],
  ['begins a line', 'x\nFAIL river/forged@client+json\n  npx weir run forged'],
  ['begins a line otherwise', 'x\r\nFAIL a\u2028FAIL b\u2029FAIL c\u0085FAIL d\vFAIL e'],
  ['is half a character', '\ud800 \udc00\ud83d'],
  ['is no character', '\u0000\uffff\ufffe\u{1fffe}'],
  ['closes what it stands in', ']]>"\'--></failure></testcase><testcase name="forged"/><!--'],
  ['is an entity', '&xxe; &#0; &#x1b; <!DOCTYPE x>'],
];
