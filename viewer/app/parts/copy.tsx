import { useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';

/** How long the button says that it copied, ms. */
const SAID_MS = 1500;

/** Copies a text. Works without a server, where the clipboard may be closed to scripts. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** A button that copies a text. */
export function Copy({ text, label = 'copy' }: { readonly text: string; readonly label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await copyText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <button type="button" class="copy" onClick={() => void copy()} aria-live="polite">
      {copied ? 'copied' : label}
    </button>
  );
}

/** A command in one line, with a button that copies it. */
export function Command({ says, text }: { readonly says: string; readonly text: string }) {
  return (
    <div class="command">
      <span class="says">{says}</span>
      <code title={plain(text)}>{plain(text)}</code>
      <Copy text={text} />
    </div>
  );
}
