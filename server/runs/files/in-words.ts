// Says for people what a schema finds, where it leaves that to its library.

import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a block of keys',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** For zod's `error`; undefined leaves it to zod. */
export function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  const missing = issue.input === undefined ? 'it is missing; give it: ' : '';
  switch (issue.code) {
    case 'invalid_type':
      return `${missing}${KINDS[issue.expected] ?? issue.expected} is wanted here`;
    case 'invalid_value':
      return `${missing}one of ${issue.values.map(String).join(', ')} is wanted here`;
    case 'too_big':
      return `it is too much; give ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    case 'too_small':
      return `it is too little; give ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    default:
      return undefined;
  }
}
