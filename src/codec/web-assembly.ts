/** As much of the global as we use: the types of Node 20 do not declare it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

/** A module's exports, or `undefined` where the engine has none: no SIMD in the processor, `--jitless`, no address space. */
export function instantiate<Exports>(module: Uint8Array): Exports | undefined {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(module)).exports as Exports;
  } catch {
    return undefined;
  }
}
