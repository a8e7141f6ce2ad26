import type { Form } from './forms.ts';

/** Where a form of a secret stands, whole or a telling piece of it. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly form: Form;
  readonly whole: boolean;
}
