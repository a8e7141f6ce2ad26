import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { NARROW, useMedia } from './media.ts';

/** Per cent that the left side takes at first, at least and at most. */
const AT_FIRST = 36;
const LEAST = 18;
const MOST = 70;

/** Two parts side by side with a rule between them that can be moved; one below the other on narrow screens. */
export function Splitter({
  name,
  left,
  right,
}: {
  readonly name: string;
  readonly left: ComponentChildren;
  readonly right: ComponentChildren;
}) {
  const narrow = useMedia(NARROW);
  const box = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState(AT_FIRST);
  const set = (value: number): void => setShare(Math.min(MOST, Math.max(LEAST, value)));
  if (narrow) {
    return (
      <div class="split narrow">
        <div class="side">{left}</div>
        <div class="side">{right}</div>
      </div>
    );
  }
  const move = (event: PointerEvent): void => {
    if (event.buttons === 0 || box.current === null) return;
    const { left: start, width } = box.current.getBoundingClientRect();
    set(((event.clientX - start) / width) * 100);
  };
  return (
    <div class="split" ref={box}>
      <div class="side" style={{ width: `${share}%` }}>
        {left}
      </div>
      <div
        class="rule-between"
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of the ${name}`}
        aria-valuenow={Math.round(share)}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        tabIndex={0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={move}
        onDblClick={() => set(AT_FIRST)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') set(share - 2);
          else if (event.key === 'ArrowRight') set(share + 2);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div class="side grow">{right}</div>
    </div>
  );
}
