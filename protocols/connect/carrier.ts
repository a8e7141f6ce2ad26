import { httpCarrier } from '../carriers/http/carrier.ts';
import { joinedValue } from '../carriers/http/head.ts';
import { readContentType } from './content.ts';
import { envelopeLength, PREFIX } from './envelope.ts';

/** HTTP/1.1 whose bodies of streams are cut into envelopes; each other body is one frame. */
export const connectCarrier = httpCarrier((head) => {
  if (readContentType(joinedValue(head.fields, 'content-type'))?.isStream !== true) return undefined;
  return (beginning) => {
    const length = envelopeLength(beginning(PREFIX));
    return length === undefined ? { length: PREFIX, whole: false } : { length, whole: true };
  };
});
