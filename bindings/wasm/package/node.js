// In Node: the library is read from beside this file, once.
import { readFile } from 'node:fs/promises';

import start from './llavero_wasm.js';

await start({ module_or_path: await readFile(new URL('./llavero_wasm_bg.wasm', import.meta.url)) });

export { Challenge, LlaveroError, TrustList } from './verifier.js';
