#!/usr/bin/env node
// The `lightsleeper` command. It makes sure that packages are installed and the sources are built, then hands over to cli.ts.
import { prepare } from './prepare.js';

prepare();
const { main } = await import('../dist/server/cli.js');
await main(process.argv.slice(2));
