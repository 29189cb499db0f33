/** As `--json` prints it, and as files hold it. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
