// What the command's exit codes mean. 0: done.

export const FAULT = 1;
export const WRONG_INPUT = 2;
/** What was asked for could not be shown. */
export const NOT_SHOWN = 3;
/** As shells have it for Ctrl-C: 128 and the number of SIGINT. */
export const STOPPED = 130;
