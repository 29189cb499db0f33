// What the command's exit codes mean. 0: done.

export const FAULT = 1;
export const WRONG_INPUT = 2;
/** As shells have it for Ctrl-C: 128 and the number of SIGINT. */
export const STOPPED = 130;
