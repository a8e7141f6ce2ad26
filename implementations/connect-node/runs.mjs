// Runs of handlers, and what is told of them.
import { Test } from './library.mjs';
import { metadataOf } from './metadata.mjs';

/** Gives what begins a run of a handler of an instance, by the name of its method. */
export function runsOf(instance) {
  let runs = 0;
  return (name, context, value) => {
    runs += 1;
    const run = runs;
    const tell = (event, more = {}) => instance.handler({ procedure: `${Test.typeName}/${name}`, run, event, ...more });
    let done = false;
    tell('started', { value, metadata: metadataOf(context.requestHeader) });
    context.signal.addEventListener('abort', () => {
      if (!done) tell('cancelled');
      done = true;
    });
    for (const [field, said] of context.requestHeader) {
      if (field.startsWith('x-')) context.responseHeader.set(field, said);
      if (field.startsWith('t-')) context.responseTrailer.set(field, said);
    }
    return {
      tell,
      finish() {
        if (!done) tell('finished');
        done = true;
      },
    };
  };
}
