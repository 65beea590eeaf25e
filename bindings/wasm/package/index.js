// In a page: the library is fetched from beside this file, once.
import start from './llavero_wasm.js';

const response = await fetch(new URL('./llavero_wasm_bg.wasm', import.meta.url));
if (!response.ok) {
  throw new Error(`llavero_wasm_bg.wasm: ${response.status} ${response.statusText}`);
}
// Its bytes, and not the response: a static server may not know the media type of WebAssembly.
await start({ module_or_path: await response.arrayBuffer() });

export { Challenge, LlaveroError, TrustList } from './verifier.js';
